#include "protocols/vads/relabelled.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/list.h"
#include "payments/nouns/payment.h"
#include "protocols/vads/amounts.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form_errors.h"

namespace acquit::vads {
namespace {

bool is_amount(std::string_view part) { return base::is_digits(part); }
bool is_currency(std::string_view part) { return currency_of(part).has_value(); }
bool is_delay(std::string_view part) { return base::is_digits(part) && part.size() <= 3; }
bool is_contracts(std::string_view part) {
  return part.find('=') != std::string_view::npos && !check_field(*find_rule("vads_contracts"), part);
}
bool is_anything(std::string_view part) { return !part.empty(); }
bool is_source(std::string_view part) { return part == "MOTO" || part == "CC" || part == "OTHER" || part == "EC"; }
// 0, 1 and 5 are the same as nothing.
bool is_challenge(std::string_view part) { return part == "2" || part == "3" || part == "4"; }
bool is_validation(std::string_view part) { return part == "0" || part == "1"; }

// Where in the order of names the value of `field` stood, whatever it is called now: behind the field that comes
// before it in every form (`after`) and before the next such one (`before`). What stands there under another name and
// is such a value may be it.
struct Place {
  std::string_view field;
  std::string_view after;
  std::string_view before;
  bool (*is_value)(std::string_view part);
};
constexpr auto kPlaces = std::to_array<Place>({
    {"vads_amount", "vads_action_mode", "vads_amount", is_amount},
    {"vads_capture_delay", "vads_amount", "vads_ctx_mode", is_delay},
    {"vads_contracts", "vads_amount", "vads_ctx_mode", is_contracts},
    {"vads_currency", "vads_ctx_mode", "vads_currency", is_currency},
    {"vads_payment_cards", "vads_page_action", "vads_payment_config", is_anything},
    {"vads_payment_src", "vads_payment_config", "vads_product", is_source},
    {"vads_threeds_mpi", "vads_site_id", "vads_trans_date", is_challenge},
    {"vads_validation_mode", "vads_trans_id", "vads_version", is_validation},
});

// The places above are found by these words. A second one elsewhere may be the shop's own, and the field's a buyer's.
enum class Side : std::uint8_t { before, after, both };
struct Word {
  std::string_view field;
  Side elsewhere;
};
constexpr auto kWords = std::to_array<Word>({{"vads_action_mode", Side::both},
                                             {"vads_ctx_mode", Side::before},
                                             {"vads_page_action", Side::both},
                                             {"vads_site_id", Side::after},
                                             {"vads_version", Side::after}});

template <class Is>
bool has_part(std::string_view value, Is is) {
  return std::ranges::any_of(base::split(value, '+'), is);
}

bool may_hold(const Form& form, const Place& place, std::string_view name, std::string_view value) {
  if (name == place.field || name <= place.after || name >= place.before) return false;
  const std::string_view own = form.get(place.field);
  return has_part(value, [&](std::string_view part) { return part != own && place.is_value(part); });
}

bool may_hold(const Form& form, const Word& word, std::string_view name, std::string_view value) {
  if (name == word.field) return false;
  if (word.elsewhere == Side::before && name > word.field) return false;
  if (word.elsewhere == Side::after && name < word.field) return false;
  const std::string_view own = form.get(word.field);
  return has_part(value, [&](std::string_view part) {
    // Of the modes of action any: the shop's may be another than the buyer's.
    const bool action =
        word.field == "vads_action_mode" && (part == "INTERACTIVE" || part == "SILENT" || part == "IFRAME");
    return action || part == own;
  });
}

// Made by a module of this family: "Magento2_2.x_2.5.0/2.4.3/7.4.0", its own version, the shop system's and PHP's. No
// buyer's word comes so early in the order of names, so he can't have made one.
bool is_of_family_module(const Form& form) {
  const auto parts = base::split(form.get("vads_contrib"), '/');
  constexpr std::size_t kParts = 3;
  return parts.size() == kParts && parts[0].find('_') != std::string_view::npos &&
         std::ranges::all_of(parts.begin() + 1, parts.end(),
                             [](std::string_view part) { return base::is_digits(part.substr(0, 1)); });
}

// These modules fill vads_return_mode, which stands between the source and whatever a buyer types. To make his city the
// source he would have to call that field by a name before the source.
bool stands_in_its_place(const Form& form) {
  const bool crowded = std::ranges::any_of(form.fields, [](const auto& field) {
    return field.first > "vads_payment_config" && field.first < "vads_payment_src";
  });
  return !crowded && !form.get("vads_return_mode").empty();
}

// A buyer who lives in "MOTO" could make that the source of his form, and would not be asked to authenticate.
// Operators, whose forms have such sources, give their login, which no buyer types, or use a module whose forms leave
// no room for the trick.
bool may_be_typed_source(const Form& form) {
  const auto source = payments::parse_source(form.get("vads_payment_src"));
  if (!source || payments::is_online(*source)) return false;
  const std::string_view login = form.get("vads_user_info");
  if (!login.empty() && login.find("://") == std::string_view::npos) return false;
  return !is_of_family_module(form) || !stands_in_its_place(form);
}

// A tax of 2 to 4 cents looks like a wish for a challenge. Modules of this family have no such wish to hide.
bool is_tax_of_module(const Form& form, const Place& place, std::string_view name) {
  const bool tax = name == "vads_tax_amount" || name == "vads_totalamount_vat";
  return tax && place.field == "vads_threeds_mpi" && is_of_family_module(form);
}

}  // namespace

std::optional<FormError> find_relabelled(const Form& form) {
  const auto found = [](std::string_view name, std::string_view field) {
    return fault(name, {.key = "rule.relabelled", .arguments = {{"field", std::string(field)}}});
  };
  // A shop's own server makes forms with card data; no buyer sees those.
  const bool silent = form.get("vads_action_mode") == "SILENT";
  if (!silent && may_be_typed_source(form)) return found("vads_payment_src", "vads_ship_to_city");
  for (const auto& [name, value] : form.fields) {
    for (const Word& word : kWords) {
      if (may_hold(form, word, name, value)) return found(name, word.field);
    }
    for (const Place& place : kPlaces) {
      if (!silent && may_hold(form, place, name, value) && !is_tax_of_module(form, place, name))
        return found(name, place.field);
    }
  }
  return std::nullopt;
}

}  // namespace acquit::vads

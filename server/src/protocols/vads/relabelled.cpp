#include "protocols/vads/relabelled.h"

#include <algorithm>
#include <array>

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

// A buyer who lives in "MOTO" could make that the source of his form, since nothing need stand between. Operators,
// whose forms have such sources, give their login, which no buyer types.
bool may_be_typed_source(const Form& form) {
  const std::string_view source = form.get("vads_payment_src");
  const std::string_view login = form.get("vads_user_info");
  return !source.empty() && source != "EC" && (login.empty() || login.find("://") != std::string_view::npos);
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
      if (!silent && may_hold(form, place, name, value)) return found(name, place.field);
    }
  }
  return std::nullopt;
}

}  // namespace acquit::vads

#include "protocols/vads/form.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/request.h"
#include "protocols/vads/signature.h"

namespace acquit::vads {
namespace {

constexpr std::size_t kFieldsMax = 1000;
constexpr int kUnreadable = 99;
constexpr int kNoParameters = 70;
constexpr int kSignature = 0;
constexpr int kSensitive = 999;

// Values that are never shown or stored again.
constexpr std::array<std::string_view, 4> kCardFields{"vads_card_number", "vads_cvv", "vads_expiry_month", "vads_expiry_year"};

bool is_card_field(std::string_view name) { return std::ranges::find(kCardFields, name) != kCardFields.end(); }

FormError fault(std::string_view name, std::string rule, std::string_view value = {}) {
  const FieldRule* known = find_rule(name);
  return {.code = known == nullptr ? kUnreadable : known->error,
          .field = std::string(name),
          .rule = std::move(rule),
          .value = is_card_field(name) || base::contains_card_number(value) ? std::string() : std::string(value),
          .signed_text = {},
          .hints = {}};
}

FormError signature_fault(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode) {
  Form shown = form;
  for (auto& [name, value] : shown.fields) {
    if (is_card_field(name)) value = "…";
    value = base::mask_card_numbers(value);
  }
  return {.code = kSignature,
          .field = "signature",
          .rule = "does not match the fields",
          .value = form.signature.substr(0, 64),
          .signed_text = signed_text_for_display(shown.fields),
          .hints = signature_hints(form, shop, mode)};
}

std::optional<FormError> check_signature(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode) {
  const std::string expected = sign(form.fields, shop.form_key(mode), shop.shop.algorithm);
  const bool hex = shop.shop.algorithm == merchants::SignatureAlgorithm::sha1;
  const std::string given = hex ? base::ascii_lower(form.signature) : form.signature;
  if (base::constant_time_equal(expected, given)) return std::nullopt;
  return signature_fault(form, shop, mode);
}

std::optional<FormError> check_sensitive(const Form& form) {
  for (const auto& [name, value] : form.fields) {
    if (is_card_field(name) || !base::contains_card_number(value)) continue;
    FormError error = fault(name, "holds a card number, which has no place there");
    error.code = kSensitive;
    return error;
  }
  return std::nullopt;
}

std::optional<FormError> check_fields(const Form& form) {
  for (const FieldRule& rule : field_rules()) {
    if (!rule.required) continue;
    if (const auto why = check_field(rule, form.get(rule.name))) return fault(rule.name, *why, form.get(rule.name));
  }
  for (const auto& [name, value] : form.fields) {
    const FieldRule* rule = find_rule(name);
    if (rule == nullptr) continue;
    if (const auto why = check_field(*rule, value)) return fault(name, *why, value);
  }
  return std::nullopt;
}

}  // namespace

std::string_view Form::get(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

bool Form::has(std::string_view name) const {
  return std::ranges::find(fields, name, &std::pair<std::string, std::string>::first) != fields.end();
}

std::expected<Form, FormError> read_form(std::string_view encoded) {
  const auto parsed = base::parse_form(encoded);
  if (!parsed || parsed->size() > kFieldsMax) {
    return std::unexpected(FormError{.code = kUnreadable, .field = "form", .rule = "can't be read as application/x-www-form-urlencoded"});
  }
  Form form;
  std::vector<std::string_view> names;
  for (const auto& [name, value] : *parsed) {
    if (name == "signature") form.signature = base::trim(value);
    if (!name.starts_with("vads_")) continue;
    if (!base::is_valid_utf8(name) || !base::is_valid_utf8(value)) return std::unexpected(fault(name, "must be UTF-8"));
    form.fields.emplace_back(name, value);
    names.push_back(name);
  }
  if (form.fields.empty()) {
    return std::unexpected(FormError{.code = kNoParameters, .field = "form", .rule = "holds no field whose name begins with vads_"});
  }
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end()) {
    return std::unexpected(fault(*twice, "was sent twice"));
  }
  return form;
}

std::expected<Addressee, FormError> addressee(const Form& form) {
  const auto shop = base::parse_shop_id(form.get("vads_site_id"));
  if (!shop) return std::unexpected(fault("vads_site_id", "must be the eight digits of a shop", form.get("vads_site_id")));
  const auto mode = merchants::parse_mode(form.get("vads_ctx_mode"));
  if (!mode) return std::unexpected(fault("vads_ctx_mode", "must be TEST or PRODUCTION", form.get("vads_ctx_mode")));
  return Addressee{.shop = *shop, .mode = *mode};
}

FormError unknown_shop(const Form& form) {
  return fault("vads_site_id", "is not a shop of this platform", form.get("vads_site_id"));
}

std::expected<CheckedForm, FormError> check_form(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode,
                                                 base::Time now) {
  if (auto error = check_signature(form, shop, mode)) return std::unexpected(*std::move(error));
  if (auto error = check_sensitive(form)) return std::unexpected(*std::move(error));
  if (auto error = check_fields(form)) return std::unexpected(*std::move(error));
  auto request = to_request(form, shop, mode, now);
  if (!request) {
    // Named after the field, as check_field names it: "vads_amount".
    const base::Error& error = request.error();
    return std::unexpected(fault(error.field, error.detail, form.get(error.field)));
  }
  return *std::move(request);
}

FormError form_error_for(const base::Error& error, const Form& form) {
  const std::string name = "vads_" + error.field;
  FormError out = fault(name, error.detail, form.get(name));
  if (find_rule(name) == nullptr) out.field = error.field.empty() ? "form" : error.field;
  return out;
}

std::vector<std::string> signature_hints(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode) {
  using merchants::Mode;
  using merchants::SignatureAlgorithm;
  const SignatureAlgorithm ours = shop.shop.algorithm;
  const SignatureAlgorithm other = ours == SignatureAlgorithm::sha1 ? SignatureAlgorithm::hmac_sha256 : SignatureAlgorithm::sha1;
  const auto matches = [&](const base::FormFields& fields, Mode of, SignatureAlgorithm algorithm) {
    return base::constant_time_equal(sign(fields, shop.form_key(of), algorithm), form.signature);
  };
  std::vector<std::string> hints;
  if (form.signature.empty()) hints.emplace_back("signature_missing");
  if (matches(form.fields, mode, other)) hints.emplace_back("other_algorithm");
  if (matches(form.fields, mode == Mode::test ? Mode::production : Mode::test, ours)) hints.emplace_back("other_key_mode");
  base::FormFields filled;
  bool entities = false;
  for (const auto& [name, value] : form.fields) {
    if (!value.empty()) filled.emplace_back(name, value);
    entities = entities || value.find("&amp;") != std::string::npos || value.find("&#") != std::string::npos;
  }
  if (filled.size() != form.fields.size() && matches(filled, mode, ours)) hints.emplace_back("empty_fields_left_out");
  if (entities) hints.emplace_back("html_entities");
  const bool hex_length = form.signature.size() == 40;
  if (hints.empty() && hex_length != (ours == SignatureAlgorithm::sha1)) hints.emplace_back("other_algorithm");
  if (hints.empty()) hints.emplace_back("key_or_value");
  return hints;
}

}  // namespace acquit::vads

#include "protocols/vads/form.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/digest.h"
#include "base/list.h"
#include "base/utf8.h"
#include "protocols/vads/card_data.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form_errors.h"
#include "protocols/vads/relabelled.h"
#include "protocols/vads/request.h"
#include "protocols/vads/signature.h"
#include "protocols/vads/signature_search.h"

namespace acquit::vads {
namespace {

constexpr std::size_t kFieldsMax = 1000;
constexpr int kUnreadable = 99;
constexpr int kNoParameters = 70;
constexpr int kSignature = 0;
constexpr int kSensitive = 999;
constexpr std::size_t kSignatureShown = 64;

FormError unreadable(const base::Result<base::FormFields>& sent) {
  i18n::Sentence rule{.key = "rule.unreadable"};
  if (sent) rule = {.key = "rule.too_many_fields", .arguments = {{"max", std::to_string(kFieldsMax)}}};
  if (!sent && sent.error().code == base::ErrorCode::unsupported) rule.key = "rule.file";
  FormError error{.code = kUnreadable, .field = "form", .rule = std::move(rule)};
  if (sent) return error;
  if (!sent.error().field.empty()) error.field = shown_name(sent.error().field);
  // What the reader found, in the log.
  error.detail = sent.error().detail;
  return error;
}

// What may be shown of a signature that is wrong.
std::string shown_signature(const std::string& signature) {
  return base::mask_card_numbers(base::utf8_prefix(base::valid_utf8(signature), kSignatureShown));
}

// Puts what the search found before what was unusual at first sight.
void explain(FormError& error, const SignedOtherwise& found) {
  std::string fields;
  for (const std::string& field : found.fields) base::append_part(fields, shown_name(field), ", ");
  if (found.transformation.empty()) {
    error.signed_otherwise.push_back({.key = "hint.not_signed", .arguments = {{"field", fields}}});
  } else {
    error.signed_otherwise.push_back(
        {.key = "hint.signed_otherwise", .arguments = {{"field", fields}, {"form", found.transformation}}});
  }
  std::erase(error.hints, "key");
  for (const std::string& hint : found.hints) {
    if (std::ranges::find(error.hints, hint) == error.hints.end()) error.hints.push_back(hint);
  }
}

FormError signature_fault(const Form& form, merchants::Mode mode) {
  const std::string key = form.signature.empty() ? "rule.missing" : "rule.signature";
  FormError error{
      .code = kSignature, .field = "signature", .rule = {.key = key}, .value = shown_signature(form.signature)};
  if (mode == merchants::Mode::production) return error;  // Nobody sees the rest there.
  Form shown = form.shown();
  for (auto& [name, value] : shown.fields) value = is_card_field(name) ? "…" : base::mask_card_numbers(value);
  error.signed_text = base::mask_card_numbers(signed_text_for_display(shown.fields));
  return error;
}

// Fields are known, sorted and sent back by their names: what browsers and shops would write in another way is none.
std::optional<FormError> check_names(const Form& form) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : form.fields) {
    if (!base::is_valid_utf8(name)) return fault(name, {.key = "rule.utf8"});
    if (base::has_control(name)) return fault(name, {.key = "rule.control"});
    names.emplace_back(name);
  }
  std::ranges::sort(names);
  if (const auto twice = std::ranges::adjacent_find(names); twice != names.end())
    return fault(*twice, {.key = "rule.twice"});
  return std::nullopt;
}

std::optional<FormError> check_signature(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode) {
  const base::SecretKey& key = form_key(shop, mode);
  if (key.reveal().empty()) return signature_fault(form, mode);  // Anybody could sign with that.
  const std::string expected = sign(form.fields, key, shop.shop.algorithm);
  const bool hex = shop.shop.algorithm == merchants::SignatureAlgorithm::sha1;
  const std::string given = hex ? base::ascii_lower(form.signature) : form.signature;
  if (base::constant_time_equal(expected, given)) return std::nullopt;
  return signature_fault(form, mode);
}

std::optional<FormError> check_sensitive(const Form& form) {
  for (const auto& [name, value] : form.fields) {
    if (!holds_card_number(form, name, value)) continue;
    FormError error = fault(name, {.key = "rule.card_data"});
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

std::string_view Form::get(std::string_view name) const { return base::field_of(fields, name); }

bool Form::has(std::string_view name) const { return base::find_field(fields, name) != nullptr; }

Form Form::shown() const {
  Form out = *this;
  for (auto& [name, value] : out.fields) value = base::valid_utf8(value);
  return out;
}

std::expected<Form, FormError> read_form(const base::Result<base::FormFields>& sent) {
  if (!sent || sent->size() > kFieldsMax) return std::unexpected(unreadable(sent));
  Form form;
  for (const auto& [name, value] : *sent) {
    if (name == "signature") form.signature = base::trim(value);
    if (name.starts_with("vads_")) form.fields.emplace_back(name, value);
  }
  if (form.fields.empty()) {
    return std::unexpected(FormError{.code = kNoParameters, .field = "form", .rule = {.key = "rule.no_fields"}});
  }
  return form;
}

std::expected<base::ShopId, FormError> shop_of(const Form& form) {
  const auto shop = base::parse_shop_id(form.get("vads_site_id"));
  if (!shop) return std::unexpected(unknown_shop(form));
  return *shop;
}

std::expected<merchants::Mode, FormError> mode_of(const Form& form) {
  const std::string_view mode = form.get("vads_ctx_mode");
  if (const auto known = merchants::parse_mode(mode)) return *known;
  return std::unexpected(fault("vads_ctx_mode", *check_field(*find_rule("vads_ctx_mode"), mode), mode));
}

FormError unknown_shop(const Form& form) {
  const std::string_view number = form.get("vads_site_id");
  return fault("vads_site_id", {.key = number.empty() ? "rule.missing" : "rule.unknown_shop"}, number);
}

void explain_signature(FormError& error, const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode) {
  error.hints = signature_hints(form, shop, mode);
  if (const auto found = find_signed_otherwise(form, shop, mode)) explain(error, *found);
}

std::expected<SignedForm, FormError> SignedForm::check(Form& form, std::shared_ptr<const merchants::ShopConfig> shop,
                                                       merchants::Mode mode) {
  if (auto error = check_names(form)) return std::unexpected(*std::move(error));
  if (auto error = check_signature(form, *shop, mode)) return std::unexpected(*std::move(error));
  // Before anything of it is believed, its addresses included: these may be a buyer's work.
  if (mode == merchants::Mode::production && shop->shop.refuse_relabelled) {
    if (auto error = find_relabelled(form)) return std::unexpected(*std::move(error));
  }
  return SignedForm(std::move(form), std::move(shop), mode);
}

std::expected<CheckedForm, FormError> check_form(const SignedForm& sent, base::Time now) {
  const auto its_own = [](FormError error) {
    error.is_signed = true;
    return std::unexpected(std::move(error));
  };
  const Form& form = sent.form();
  if (auto error = check_sensitive(form)) return its_own(*std::move(error));
  const Form shown = form.shown();
  if (auto error = check_page_action(shown)) return its_own(*std::move(error));
  if (auto error = check_fields(shown)) return its_own(*std::move(error));
  auto checked = to_request(form, *sent.shop(), sent.mode(), now);
  if (!checked) return its_own(std::move(checked).error());
  return checked;
}

}  // namespace acquit::vads

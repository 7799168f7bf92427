#include "protocols/vads/form_errors.h"

#include <algorithm>
#include <array>

#include "base/card_numbers.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "http/shown_url.h"
#include "protocols/vads/card_data.h"
#include "protocols/vads/fields.h"

namespace acquit::vads {
namespace {

using base::ErrorCode;

constexpr int kAnyOther = 99;
constexpr std::size_t kNameMax = 64;
constexpr std::size_t kValueShown = 1000;

// What a use case's refusal says in the words of the form; an empty field: whatever the field.
struct Refusal {
  ErrorCode code;
  std::string_view field;
  std::string_view key;
};
constexpr auto kRefusals = std::to_array<Refusal>({
    {ErrorCode::shop_closed, "", "rule.shop_closed"},
    {ErrorCode::no_contract, "currency", "rule.no_contract_currency"},
    {ErrorCode::no_contract, "payment_cards", "rule.no_contract_method"},
    {ErrorCode::amount_out_of_range, "amount", "rule.amount_range"},
    {ErrorCode::field_value, "amount", "rule.amount_zero"},
    {ErrorCode::unsupported, "payment_config", "rule.plan_not_allowed"},
    {ErrorCode::field_format, "payment_config", "rule.plan_format"},
    {ErrorCode::exists_with_other_content, "key", "rule.trans_id_other"},
    {ErrorCode::replayed, "key", "rule.trans_id_used"},
    {ErrorCode::card_invalid, "card_number", "rule.card_not_accepted"},
});

std::string key_for(const base::Error& error) {
  const auto* found = std::ranges::find_if(kRefusals, [&](const Refusal& row) {
    return row.code == error.code && (row.field.empty() || row.field == error.field);
  });
  return std::string(found == kRefusals.end() ? "rule.not_accepted" : found->key);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

}  // namespace

std::string code_text(int code) { return code < 10 ? "0" + std::to_string(code) : std::to_string(code); }

std::string shown_name(std::string_view name) {
  const bool plain = std::ranges::all_of(name, is_plain);
  const std::string shown = plain ? std::string(name) : base::percent_encode(name);
  // Last, since escaping and cutting may leave digits that look like a card.
  return base::mask_card_numbers(std::string_view(shown).substr(0, kNameMax));
}

FormError fault(std::string_view name, i18n::Sentence rule, std::string_view value) {
  const FieldRule* known = find_rule(name);
  std::string shown;
  if (!is_card_field(name)) shown = base::utf8_prefix(base::valid_utf8(value), kValueShown);
  if (known != nullptr && known->format == Format::web_address) shown = http::shown_url(shown);
  if (base::contains_card_number(value) || base::contains_card_number(shown)) shown.clear();
  return {.code = known == nullptr ? kAnyOther : known->error,
          .field = shown_name(name),
          .rule = std::move(rule),
          .value = std::move(shown)};
}

FormError form_error_for(const base::Error& error, const Form& form) {
  const std::string name = error.field == "key" ? "vads_trans_id" : "vads_" + error.field;
  FormError out = fault(name, {.key = key_for(error)}, form.get(name));
  if (find_rule(name) == nullptr) out.field = error.field.empty() ? "form" : shown_name(error.field);
  out.detail = error.detail;
  out.number_used = error.code == base::ErrorCode::exists_with_other_content;
  // That the number was used already says nothing of the payment that it was used for, which may well be paid.
  out.is_signed = name != "vads_trans_id";
  return out;
}

}  // namespace acquit::vads

#include "protocols/vads/card_data.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/card_numbers.h"
#include "base/clock.h"
#include "protocols/vads/fields.h"

namespace acquit::vads {
namespace {

constexpr auto kCardFields =
    std::to_array<std::string_view>({"vads_card_number", "vads_cvv", "vads_expiry_month", "vads_expiry_year"});
// A link to pay is good for 90 days; shops' clocks and days differ from ours.
constexpr std::chrono::days kOrdersBefore{92};
constexpr std::chrono::days kOrdersAfter{2};
constexpr std::size_t kMomentSize = 14;

bool is_free_field(std::string_view name) {
  const FieldRule* rule = find_rule(name);
  if (rule == nullptr) return true;
  switch (rule->format) {
    case Format::any_text:
    case Format::product_text:
    case Format::identifier:
    case Format::map:
    case Format::web_address:
    case Format::mail_address:
    case Format::query: return true;
    case Format::digits:
    case Format::number:
    case Format::letters_digits:
    case Format::one_of:
    case Format::languages:
    case Format::means:
    case Format::language:
    case Format::country:
    case Format::currency:
    case Format::moment:
    case Format::day:
    case Format::seconds:
    case Format::days:
    case Format::vat: return false;
  }
  return true;
}

// `digits` as YYYYMMDDhhmmss, read from its beginning in each of the orders in which shops write it.
std::array<std::string, 4> moments_in(std::string_view digits) {
  const auto part = [&](std::size_t at, std::size_t size) { return std::string(digits.substr(at, size)); };
  std::array<std::string, 4> out{"20" + part(0, 12), "20" + part(4, 2) + part(2, 2) + part(0, 2) + part(6, 6)};
  if (digits.size() >= kMomentSize) {
    out[2] = part(0, kMomentSize);
    out[3] = part(4, 4) + part(2, 2) + part(0, 2) + part(8, 6);
  }
  return out;
}

// Begins with a moment near `day`, perhaps behind one digit more.
bool is_order_moment(std::string_view digits, base::Time day) {
  for (const std::string_view from : {digits, digits.substr(1)}) {
    for (const std::string& moment : moments_in(from)) {
      const auto at = parse_moment(moment);
      if (!at) continue;
      const base::Time time = base::time_from_ms(*at);
      if (time >= day - kOrdersBefore && time <= day + kOrdersAfter) return true;
    }
  }
  return false;
}

// GS1's check digit: weights 3 and 1 from the right.
bool is_gtin14(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 3 : 1);
  return digits.size() == 14 && sum % 10 == 0;
}

// Both the company's nine digits and the whole pass the Luhn check.
bool is_siret(std::string_view digits) {
  return digits.size() == 14 && base::luhn_valid(digits.substr(0, 9)) && base::luhn_valid(digits);
}

bool is_other_number(const Form& form, std::string_view name, std::string_view digits) {
  if (name.starts_with("vads_product_ref") && is_gtin14(digits)) return true;
  const bool company = name == "vads_cust_national_id" || name.contains("siret");
  if (company && is_siret(digits)) return true;
  const auto date = parse_moment(form.get("vads_trans_date"));
  return date && is_order_moment(digits, base::time_from_ms(*date));
}

}  // namespace

bool is_card_field(std::string_view name) { return std::ranges::find(kCardFields, name) != kCardFields.end(); }

bool shows_card_number(const Form& form, std::string_view name, std::string_view value) {
  if (base::contains_card_number(name)) return true;
  return std::ranges::any_of(base::find_card_numbers(value),
                             [&](const base::CardPlace& card) { return !is_other_number(form, name, card.digits); });
}

bool holds_card_number(const Form& form, std::string_view name, std::string_view value) {
  if (base::contains_card_number(name)) return true;
  return !is_card_field(name) && is_free_field(name) && shows_card_number(form, name, value);
}

}  // namespace acquit::vads

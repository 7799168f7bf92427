#include "payments/nouns/card.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/number.h"
#include "base/utf8.h"
#include "payments/nouns/typed_text.h"

namespace acquit::payments {
namespace {

constexpr std::size_t kHolderMax = 60;
constexpr int kExpiryYearsAhead = 20;

// Number ranges by their first six digits, the narrower ones first. Public ranges of the schemes, and the ranges of the
// family's test cards (lyra.md §5).
struct Range {
  int first = 0;
  int last = 0;
  std::array<std::string_view, 2> brands;
};
constexpr auto kRanges = std::to_array<Range>({
    {491748, 491748, {"VISA_ELECTRON", "VISA"}},
    {402600, 402699, {"VISA_ELECTRON", "VISA"}},
    {417500, 417500, {"VISA_ELECTRON", "VISA"}},
    {450800, 450899, {"VISA_ELECTRON", "VISA"}},
    {484400, 484499, {"VISA_ELECTRON", "VISA"}},
    {491300, 491399, {"VISA_ELECTRON", "VISA"}},
    {491700, 491799, {"VISA_ELECTRON", "VISA"}},
    {497000, 497999, {"CB", "VISA"}},
    {513100, 513999, {"CB", "MASTERCARD"}},
    {597010, 597010, {"MASTERCARD", ""}},
    {340000, 349999, {"AMEX", ""}},
    {370000, 379999, {"AMEX", ""}},
    {222100, 272099, {"MASTERCARD", ""}},
    {510000, 559999, {"MASTERCARD", ""}},
    {500000, 509999, {"MAESTRO", ""}},
    {560000, 589999, {"MAESTRO", ""}},
    {600000, 699999, {"MAESTRO", ""}},
    {400000, 499999, {"VISA", ""}},
});

// The scheme that shares its cards with another one; Visa Electron and Visa are two products of one scheme.
constexpr std::string_view kDomestic = "CB";

std::optional<base::Error> check_number(std::string_view digits) {
  const auto error = [](std::string detail) {
    return base::Error{.code = base::ErrorCode::card_invalid, .field = "card_number", .detail = std::move(detail)};
  };
  if (digits.empty())
    return base::Error{
        .code = base::ErrorCode::field_missing, .field = "card_number", .detail = "the number is missing"};
  if (!base::is_digits(digits)) return error("the number has other characters than digits");
  if (digits.size() < 13 || digits.size() > 19) return error("a card number has 13 to 19 digits");
  if (!base::luhn_valid(digits)) return error("the number has a typing error");
  return std::nullopt;
}

// A card is good to the end of its month, in the last time zone to reach it.
bool expired(int year, int month, base::Time now) {
  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now - std::chrono::hours(12)));
  const std::chrono::year_month this_month(today.year(), today.month());
  return std::chrono::year_month(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month))) <
         this_month;
}

std::optional<base::Error> check_expiry(const TypedCard& typed, base::Time now, CardEntry& card) {
  if (typed.expiry_month.empty() && typed.expiry_year.empty())
    return base::Error{
        .code = base::ErrorCode::field_missing, .field = "expiry", .detail = "the expiry date is missing"};
  const auto month = base::is_digits(typed.expiry_month) ? base::parse_int<int>(typed.expiry_month) : std::nullopt;
  const auto year = base::is_digits(typed.expiry_year) ? base::parse_int<int>(typed.expiry_year) : std::nullopt;
  const bool shaped =
      month && year && *month >= 1 && *month <= 12 && (typed.expiry_year.size() == 2 || typed.expiry_year.size() == 4);
  if (!shaped)
    return base::Error{
        .code = base::ErrorCode::field_format, .field = "expiry", .detail = "the expiry date is a month and a year"};
  card.expiry_month = *month;
  card.expiry_year = typed.expiry_year.size() == 2 ? 2000 + *year : *year;
  if (expired(card.expiry_year, card.expiry_month, now)) {
    return base::Error{.code = base::ErrorCode::card_expired, .field = "expiry", .detail = "the card has expired"};
  }
  const int this_year =
      static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
  if (card.expiry_year > this_year + kExpiryYearsAhead) {
    return base::Error{
        .code = base::ErrorCode::field_value, .field = "expiry", .detail = "the expiry date lies too far ahead"};
  }
  return std::nullopt;
}

std::optional<base::Error> check_security_code(std::string_view code, bool four_digits) {
  if (code.empty())
    return base::Error{
        .code = base::ErrorCode::field_missing, .field = "security_code", .detail = "the security code is missing"};
  if (base::is_digits(code) && code.size() == (four_digits ? 4U : 3U)) return std::nullopt;
  return base::Error{
      .code = base::ErrorCode::field_format,
      .field = "security_code",
      .detail = four_digits ? "the security code has four digits" : "the security code has three digits"};
}

}  // namespace

std::vector<std::string_view> brands_of(std::string_view digits) {
  const auto prefix = base::parse_int<int>(digits.substr(0, 6));
  if (!prefix) return {};
  const auto* range =
      std::ranges::find_if(kRanges, [&](const Range& r) { return *prefix >= r.first && *prefix <= r.last; });
  if (range == kRanges.end()) return {};
  std::vector<std::string_view> out{range->brands[0]};
  if (!range->brands[1].empty()) out.push_back(range->brands[1]);
  return out;
}

std::vector<std::string> brands_to_choose(const std::vector<std::string>& offered) {
  const auto taken = [&](std::string_view brand) { return std::ranges::find(offered, brand) != offered.end(); };
  std::vector<std::string> out;
  for (const std::string& brand : offered) {
    const bool shared = std::ranges::any_of(kRanges, [&](const Range& range) {
      const bool both = range.brands[0] == kDomestic && taken(range.brands[0]) && taken(range.brands[1]);
      return both && (range.brands[0] == brand || range.brands[1] == brand);
    });
    if (shared) out.push_back(brand);
  }
  return out;
}

std::expected<CardEntry, CardProblems> check_card(const TypedCard& typed, base::Time now) {
  CardProblems problems;
  CardEntry card{.pan = base::Pan(typed_digits(typed.number.reveal())),
                 .security_code = base::SecurityCode(typed_digits(typed.security_code.reveal())),
                 .holder = typed_name(typed.holder),
                 .method = typed.method};
  if (auto error = check_number(card.pan.reveal())) problems.errors.push_back(*std::move(error));
  if (auto error = check_expiry(typed, now, card)) problems.errors.push_back(*std::move(error));
  const auto brands = brands_of(card.pan.reveal());
  const bool amex = !brands.empty() && brands.front() == "AMEX";
  if (auto error = check_security_code(card.security_code.reveal(), amex)) problems.errors.push_back(*std::move(error));
  if (!base::is_valid_utf8(card.holder) || base::utf8_length(card.holder) > kHolderMax) {
    problems.errors.push_back(
        {.code = base::ErrorCode::field_too_long, .field = "card_holder", .detail = "the name is too long"});
  }
  if (base::contains_card_number(plain_text(card.holder))) {
    problems.errors.push_back(
        {.code = base::ErrorCode::sensitive_data, .field = "card_holder", .detail = "the name holds a card number"});
  }
  if (!problems.errors.empty()) return std::unexpected(std::move(problems));
  return card;
}

}  // namespace acquit::payments

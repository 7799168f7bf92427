#include "base/money.h"

#include <cstdlib>
#include <limits>

#include "base/ascii.h"
#include "base/number.h"

namespace acquit::base {
namespace {

Result<void> same_currency(Money a, Money b) {
  if (a.currency() == b.currency()) return {};
  return fail(ErrorCode::currency_mismatch,
              std::string(a.currency().code()) + " is not " + std::string(b.currency().code()));
}

// The whole quotient of value / divisor, moved away from zero by one where the rounding asks for it.
__int128 divide(__int128 value, __int128 divisor, Rounding rounding) {
  const __int128 quotient = value / divisor;
  const __int128 rest = value % divisor;
  if (rest == 0) return quotient;
  const __int128 twice = (rest < 0 ? -rest : rest) * 2;
  const bool away = rounding == Rounding::up ||
                    (rounding == Rounding::half_even && (twice > divisor || (twice == divisor && quotient % 2 != 0)));
  if (!away) return quotient;
  return value < 0 ? quotient - 1 : quotient + 1;
}

}  // namespace

Result<Money> Money::plus(Money other) const {
  ACQUIT_CHECK(same_currency(*this, other));
  std::int64_t sum = 0;
  if (__builtin_add_overflow(minor_, other.minor_, &sum)) return fail(ErrorCode::amount_overflow);
  return Money(sum, currency_);
}

Result<Money> Money::minus(Money other) const {
  ACQUIT_CHECK(same_currency(*this, other));
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(minor_, other.minor_, &difference)) return fail(ErrorCode::amount_overflow);
  return Money(difference, currency_);
}

Result<Money> Money::mul_ratio(std::int64_t numerator, std::int64_t denominator, Rounding rounding) const {
  if (denominator <= 0) return fail(ErrorCode::internal, "mul_ratio needs a denominator above zero");
  const __int128 result = divide(static_cast<__int128>(minor_) * numerator, denominator, rounding);
  if (result > std::numeric_limits<std::int64_t>::max() || result < std::numeric_limits<std::int64_t>::min()) {
    return fail(ErrorCode::amount_overflow);
  }
  return Money(static_cast<std::int64_t>(result), currency_);
}

Result<std::strong_ordering> Money::compare(Money other) const {
  ACQUIT_CHECK(same_currency(*this, other));
  return minor_ <=> other.minor_;
}

std::string Money::to_decimal() const {
  const auto exponent = static_cast<std::size_t>(currency_.exponent());
  const bool negative = minor_ < 0;
  // Unsigned negation is defined for the smallest int64 too.
  std::string digits =
      std::to_string(negative ? 0 - static_cast<std::uint64_t>(minor_) : static_cast<std::uint64_t>(minor_));
  if (digits.size() <= exponent) digits.insert(0, exponent + 1 - digits.size(), '0');
  if (exponent > 0) digits.insert(digits.size() - exponent, 1, '.');
  return negative ? "-" + digits : digits;
}

std::string Money::to_text() const { return to_decimal() + " " + std::string(currency_.code()); }

Result<Money> Money::from_decimal(std::string_view text, Currency currency) {
  const auto malformed = [&] {
    return fail(ErrorCode::field_format, "an amount in " + std::string(currency.code()) + " has " +
                                             std::to_string(currency.exponent()) + " decimals");
  };
  const bool negative = text.starts_with('-');
  std::string_view rest = negative ? text.substr(1) : text;
  const auto exponent = static_cast<std::size_t>(currency.exponent());
  std::string_view decimals;
  if (exponent > 0) {
    const std::size_t point = rest.find('.');
    if (point == std::string_view::npos) return malformed();
    decimals = rest.substr(point + 1);
    rest = rest.substr(0, point);
    if (decimals.size() != exponent || !is_digits(decimals)) return malformed();
  }
  if (!is_digits(rest) || (rest.size() > 1 && rest[0] == '0')) return malformed();
  const auto minor = parse_int<std::int64_t>((negative ? "-" : "") + std::string(rest) + std::string(decimals));
  if (!minor) return fail(ErrorCode::amount_overflow);
  if (negative && *minor == 0) return malformed();
  return Money(*minor, currency);
}

Result<std::vector<Money>> split_equally(Money total, std::int64_t parts) {
  if (parts <= 0) return fail(ErrorCode::internal, "split_equally needs at least one part");
  ACQUIT_TRY(const Money share, total.mul_ratio(1, parts, Rounding::down));
  std::vector<Money> out(static_cast<std::size_t>(parts), share);
  out.back() = Money(total.minor() - share.minor() * (parts - 1), total.currency());
  return out;
}

}  // namespace acquit::base

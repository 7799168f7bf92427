// Money: an amount in minor units of one currency. No floating point, no bare arithmetic, no silent overflow.
//
// Range: ±9 223 372 036 854 775 807 minor units; sums and products that leave it are errors (amount_overflow), sums of
// two currencies too (currency_mismatch). Stored and sent as an integer beside the currency code.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/currency.h"
#include "base/result.h"

namespace acquit::base {

/// Which way a division that leaves a remainder goes.
enum class Rounding : std::uint8_t { down, up, half_even };

class Money {
 public:
  Money(std::int64_t minor, Currency currency) : minor_(minor), currency_(currency) {}
  [[nodiscard]] static Money zero(Currency currency) { return {0, currency}; }

  [[nodiscard]] std::int64_t minor() const { return minor_; }
  [[nodiscard]] Currency currency() const { return currency_; }

  [[nodiscard]] Result<Money> plus(Money other) const;
  [[nodiscard]] Result<Money> minus(Money other) const;
  /// This amount × numerator ÷ denominator with a 128-bit product; denominator > 0.
  [[nodiscard]] Result<Money> mul_ratio(std::int64_t numerator, std::int64_t denominator, Rounding rounding) const;
  /// Less, equal or greater; currency_mismatch if the currencies differ.
  [[nodiscard]] Result<std::strong_ordering> compare(Money other) const;

  /// Plain decimal text with the currency's decimals and a point, no grouping: "12.30", "-0.05", "500".
  [[nodiscard]] std::string to_decimal() const;
  /// The same with the currency's code: "12.30 EUR", for logs, commands and developers; buyers read format_money.
  [[nodiscard]] std::string to_text() const;
  /// The exact inverse of to_decimal: optional minus, digits, and a point with just the currency's decimals.
  static Result<Money> from_decimal(std::string_view text, Currency currency);

  friend bool operator==(const Money&, const Money&) = default;

 private:
  std::int64_t minor_;
  Currency currency_;
};

/// `total` in `parts` (> 0) equal amounts; what does not divide goes to the last one. The parts sum to `total`.
[[nodiscard]] Result<std::vector<Money>> split_equally(Money total, std::int64_t parts);

}  // namespace acquit::base

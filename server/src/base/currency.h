// Currencies by ISO 4217 (list one, amendment 177 of 2024): code, number, decimals. One table; values, no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace acquit::base {

struct CurrencyRow {
  std::string_view code;  ///< Three letters.
  std::uint16_t number;   ///< ISO 4217 numeric.
  std::uint8_t exponent;  ///< Decimals of the minor unit: 0, 2, 3 or 4.
};

/// A currency of the table; comparable, cheap to copy.
class Currency {
 public:
  /// Nothing if `code` is not in the table; upper case only.
  static std::optional<Currency> from_code(std::string_view code);
  static std::optional<Currency> from_number(int number);

  [[nodiscard]] std::string_view code() const { return row_->code; }
  [[nodiscard]] int number() const { return row_->number; }
  [[nodiscard]] int exponent() const { return row_->exponent; }
  friend bool operator==(Currency a, Currency b) { return a.row_ == b.row_; }

 private:
  explicit Currency(const CurrencyRow* row) : row_(row) {}
  const CurrencyRow* row_;  // Points into the static table; never null.
};

std::span<const CurrencyRow> currency_table();

}  // namespace acquit::base

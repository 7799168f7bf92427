// What the demo shop sells, its prices in each currency, and amounts as its visitors read them. Constants and pure
// functions.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "base/result.h"

namespace acquit::sandbox {

/// The shop's currencies, in the order of Product::prices.
inline constexpr std::array<std::string_view, 5> kCurrencies = {"EUR", "CHF", "USD", "JPY", "TND"};
inline constexpr std::int64_t kQuantityMax = 9;

struct Product {
  std::string_view reference;
  std::string_view name;
  std::string_view description;
  std::string_view drawing;                             ///< The inside of an SVG of 120 × 120.
  std::array<std::int64_t, kCurrencies.size()> prices;  ///< Minor units.
};

[[nodiscard]] std::span<const Product> catalogue();
[[nodiscard]] base::Money price_of(const Product& product, base::Currency currency);

struct BasketLine {
  const Product* product;  ///< Into the catalogue.
  std::int64_t quantity;
};

[[nodiscard]] base::Result<base::Money> total_of(const std::vector<BasketLine>& basket, base::Currency currency);
/// "1 489,00 €", with no-break spaces.
[[nodiscard]] std::string french_amount(base::Money money);

}  // namespace acquit::sandbox

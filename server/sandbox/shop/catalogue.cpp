#include "sandbox/shop/catalogue.h"

#include <algorithm>

namespace acquit::sandbox {
namespace {

constexpr std::string_view kThinSpace = "\u202f";
constexpr std::string_view kNoBreakSpace = "\u00a0";

constexpr Product kProducts[] = {
    {"galet",
     "Lampe de table Galet",
     "Grès émaillé, abat-jour en lin, variateur.",
     R"(<ellipse cx="60" cy="92" rx="26" ry="16" fill="#8a9a8b"/><rect x="57" y="56" width="6" height="24" fill="#6d5a45"/><path d="M38 58 46 26h28l8 32z" fill="#f2d9a4"/><ellipse cx="60" cy="112" rx="34" ry="3" fill="#0002"/>)",
     {8900, 8500, 9500, 14500, 298000}},
    {"corolle",
     "Suspension Corolle",
     "Papier plissé à la main, 40 cm.",
     R"(<path d="M60 0v34" stroke="#6d5a45" stroke-width="2"/><path d="M60 32c-30 4-40 26-42 46 12-6 18-6 28 0 8-6 20-6 28 0 10-6 16-6 28 0-2-20-12-42-42-46z" fill="#e9b8a0"/><circle cx="60" cy="80" r="9" fill="#fbe9b7"/>)",
     {14900, 14500, 15900, 24800, 499000}},
    {"onde",
     "Vase Onde",
     "Verre soufflé recyclé, 22 cm.",
     R"(<path d="M48 18h24c0 22 16 26 16 50s-12 38-28 38-28-14-28-38 16-28 16-50z" fill="#9cc3c9"/><path d="M36 66c12-8 20 8 48 0" stroke="#fff" stroke-width="3" fill="none" opacity=".7"/><ellipse cx="60" cy="112" rx="30" ry="3" fill="#0002"/>)",
     {3450, 3300, 3700, 5600, 115500}},
    {"cedre",
     "Bougie Cèdre",
     "Cire végétale, 45 heures.",
     R"(<rect x="36" y="52" width="48" height="54" rx="5" fill="#c9b79c"/><rect x="36" y="68" width="48" height="20" fill="#f7f2e8"/><path d="M60 50V40" stroke="#4a3b2c" stroke-width="2"/><path d="M60 14c10 12 8 24 0 26-8-2-10-14 0-26z" fill="#eeb04b"/><ellipse cx="60" cy="112" rx="30" ry="3" fill="#0002"/>)",
     {1890, 1800, 1990, 3000, 63250}},
};

// French order: groups of three digits, comma, blank, sign.
std::string_view sign_of(base::Currency currency) {
  if (currency.code() == "EUR") return "€";
  if (currency.code() == "USD") return "$ US";
  if (currency.code() == "JPY") return "¥";
  return currency.code();
}

}  // namespace

std::span<const Product> catalogue() { return kProducts; }

base::Money price_of(const Product& product, base::Currency currency) {
  const auto* const found = std::ranges::find(kCurrencies, currency.code());
  const auto index = static_cast<std::size_t>(found - kCurrencies.begin());
  return {found == kCurrencies.end() ? 0 : product.prices.at(index), currency};
}

base::Result<base::Money> total_of(const std::vector<BasketLine>& basket, base::Currency currency) {
  base::Money total(0, currency);
  for (const BasketLine& line : basket) {
    ACQUIT_TRY(const base::Money price,
               price_of(*line.product, currency).mul_ratio(line.quantity, 1, base::Rounding::down));
    ACQUIT_TRY(total, total.plus(price));
  }
  return total;
}

std::string french_amount(base::Money money) {
  const std::string decimal = money.to_decimal();
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  std::string out;
  for (std::size_t i = 0; i < point; ++i) {
    if (i > 0 && (point - i) % 3 == 0 && decimal[i - 1] != '-') out += kThinSpace;
    out += decimal[i];
  }
  if (point < decimal.size()) out += "," + decimal.substr(point + 1);
  out += kNoBreakSpace;
  return out + std::string(sign_of(money.currency()));
}

}  // namespace acquit::sandbox

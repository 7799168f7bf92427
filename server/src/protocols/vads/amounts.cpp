#include "protocols/vads/amounts.h"

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::vads {
namespace {

// Decimals of ISO 4217 that the form leaves out.
int decimals_left_out(base::Currency currency) { return currency.code() == "IDR" ? 2 : 0; }

// Our minor units in one unit of the form.
std::int64_t units(base::Currency currency) {
  std::int64_t out = 1;
  for (int i = 0; i < decimals_left_out(currency); ++i) out *= 10;
  return out;
}

}  // namespace

std::optional<base::Currency> currency_of(std::string_view number) {
  if (!base::is_digits(number)) return std::nullopt;
  const auto parsed = base::parse_int<int>(number);
  const auto currency = parsed ? base::Currency::from_number(*parsed) : std::nullopt;
  if (currency && currency->code() == "BHD") return std::nullopt;
  return currency;
}

base::Money money_of(std::int64_t amount, base::Currency currency) { return {amount * units(currency), currency}; }

std::string to_amount(base::Money money) { return std::to_string(money.minor() / units(money.currency())); }

bool is_whole(base::Money money) { return money.minor() % units(money.currency()) == 0; }

std::string plan_text(std::string_view payment_config, base::Currency currency) {
  const std::string zeros(static_cast<std::size_t>(decimals_left_out(currency)), '0');
  const std::size_t colon = payment_config.find(':');
  if (zeros.empty() || colon == std::string_view::npos) return std::string(payment_config);
  const bool dated = payment_config.substr(0, colon) == "MULTI_EXT";
  std::string out(payment_config.substr(0, colon));
  char before = ':';
  for (const std::string_view part : base::split(payment_config.substr(colon + 1), ';')) {
    out += before;
    out += part;
    // Of MULTI only "first" is an amount; count and period are not.
    if (dated || part.starts_with("first=")) out += zeros;
    before = ';';
  }
  return out;
}

}  // namespace acquit::vads

// Amounts and currencies as the vads form counts them, where that is not as ISO 4217 does (lyra.md §1.10).
//
// The family gives the Indonesian rupiah no decimals and does not take the Bahraini dinar; inside, amounts are ISO 4217
// minor units, so the form is translated here on its way in and on its way out. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/money.h"

namespace acquit::vads {

/// The currency of an ISO 4217 number; nothing if we know none or the form can't be in it.
[[nodiscard]] std::optional<base::Currency> currency_of(std::string_view number);

/// `amount` of a form, at most twelve digits, as money.
[[nodiscard]] base::Money money_of(std::int64_t amount, base::Currency currency);
/// Money as an amount of the form; what is below its unit is cut off.
[[nodiscard]] std::string to_amount(base::Money money);
/// True if the form can name this amount.
[[nodiscard]] bool is_whole(base::Money money);

/// A vads_payment_config with the amounts in it as ISO 4217 counts them; its shape is for payments::Plan to judge.
[[nodiscard]] std::string plan_text(std::string_view payment_config, base::Currency currency);

}  // namespace acquit::vads

// `acquit validate`, `cancel`, `refund`, `settle-capture` and `settle-reversal`: what is done with a transaction
// afterwards, by the operator's hand.
//
// The use cases of payments/operations.h do the work; here the transaction is found, the amount read in its currency,
// and a refusal told with what can be done instead. One thread.
#pragma once

#include <cstdint>
#include <string>

#include "app/desk.h"
#include "app/payment_options.h"
#include "base/result.h"

namespace acquit::app {

enum class Deed : std::uint8_t {
  validate,
  cancel,
  refund,
  settle_at_bank,               ///< A doubtful capture: the bank's list has it
  settle_not_at_bank,           ///< or does not have it.
  settle_reversal_at_bank,      ///< A doubtful reversal: the bank's list still has what was to be reversed
  settle_reversal_not_at_bank,  ///< or does not have it.
};

/// Does it and says so in one line. `amount` is decimal ("12.50"): for a refund what is given back, for a validation
/// what is captured, for a cancellation what is given up (of both, empty: all), otherwise empty.
/// Errors: those of find_named and of payments/operations.h; wrong_state if several transactions suit.
[[nodiscard]] base::Result<std::string> operate(Desk& desk, Deed deed, const PaymentOptions& options,
                                                const std::string& amount);

/// Whom the history names: the login of this process's user.
[[nodiscard]] base::Actor operating_user();

}  // namespace acquit::app

// extend_payment: the buyer needs more time. WCAG 2.2.1 asks for ten times at least; in all it is bounded, so that no
// payment stays open for ever.
#pragma once

#include "base/result.h"
#include "base/task.h"
#include "payments/nouns/payment.h"
#include "payments/nouns/session.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// Whether the payment's end can be moved any further.
[[nodiscard]] inline bool can_extend(const Payment& payment) {
  return !payment.ended_at && payment.expires_at < payment.created_at + kSessionMax;
}

/// The payment with kSessionLife from now on, or what the bound leaves of it; never less than it had. What the job
/// looks at moves along. Errors: not_found, expired, wrong_state (it has ended).
[[nodiscard]] base::Task<base::Result<Payment>> extend_payment(const Services& services, base::ShopId shop,
                                                               PaymentId id);

}  // namespace acquit::payments

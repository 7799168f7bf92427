// The buyer goes away: by the cancel button, or by not coming back in time.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "payments/ending/step_result.h"
#include "payments/nouns/permit.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// Ends an open payment, since its buyer wants it. Its last transaction becomes abandoned, or stays refused if the last
/// try was refused. A payment that has ended is returned as it is; one that is being authorised is left alone
/// (wrong_state). The caller has to tell the shop.
[[nodiscard]] base::Task<base::Result<StepResult>> leave_payment(const Services& services, const Permit& permit,
                                                                 const merchants::ShopConfig& shop, PaymentId payment);
/// The same, since its time is over; one that has not expired is left alone (wrong_state). A buyer who did not come
/// back from his bank was refused. The outbox tells the shop.
[[nodiscard]] base::Task<base::Result<StepResult>> leave_expired(const Services& services,
                                                                 const merchants::ShopConfig& shop, PaymentId payment);

/// An abandoned transaction whose buyer did not press the button: the time was over.
[[nodiscard]] base::Result<bool> was_left_by_time(const Services& services, db::ReadTx& tx,
                                                  const Transaction& transaction);

}  // namespace acquit::payments

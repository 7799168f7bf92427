// leave_payment: the buyer goes away: by the cancel button, or by not coming back in time.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "payments/ending/step_result.h"
#include "payments/store/context.h"

namespace acquit::payments {

/// Ends an open payment. Its last transaction becomes abandoned, or stays refused if the last try was refused; a buyer
/// who did not come back from his bank in time was refused. A payment that has ended is returned as it is; one that is
/// being authorised is left alone (wrong_state), and so is one that has not expired if its time is said to be over
/// (kActorBatch). Then the dispatcher tells the shop, otherwise the caller has to.
[[nodiscard]] base::Task<base::Result<StepResult>> leave_payment(const Context& context,
                                                                 const merchants::ShopConfig& shop, PaymentId payment,
                                                                 std::string_view actor);

}  // namespace acquit::payments

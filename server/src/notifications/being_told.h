// Where a shop is called about a payment, and whether it is hearing of the end at this moment.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "notifications/delivery.h"
#include "notifications/formatter.h"
#include "payments/store/services.h"

namespace acquit::notifications {

/// Where to call; nothing if the shop does not want to be called.
[[nodiscard]] std::optional<std::string> target_of(const Subject& subject, merchants::Rule rule);

/// Calls about the payments that is_being_told() is asked of were made since then.
[[nodiscard]] base::Time told_since(const payments::Services& services);
/// The payment has ended, and the buyer goes back only once the shop has heard of it or has not answered in time
/// (lyra.md §2.2): a second tab or a reload must not be faster than the one that made the payment. `told` is asked for
/// since told_since().
[[nodiscard]] base::Result<bool> is_being_told(const payments::Services& services, const Subject& subject,
                                               DeliveryStore::Told& told);

}  // namespace acquit::notifications

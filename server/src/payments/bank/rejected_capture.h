// What follows where the bank does not have a capture or a refund that was handed over to it. Part of a write.
#pragma once

#include <string>
#include <string_view>

#include "payments/ending/announcements.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

struct Rejection {
  base::Actor actor;
  merchants::Rule rule;  ///< Under which the shop is told.
  std::string why;       ///< For the history.
};

/// Takes a captured transaction back to `capture_failed`, cancels the refunds of it that still wait, has what was
/// authorised released at the bank, and tells the shop. The transaction is locked by the caller. Errors: wrong_state.
[[nodiscard]] base::Result<void> reject_capture(const Services& services, db::Tx& tx, Transaction& transaction,
                                                const Rejection& rejection);

}  // namespace acquit::payments

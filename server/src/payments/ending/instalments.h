// Later instalments of a plan: born when the first one is accepted, authorised by a job near their day.
#pragma once

#include "base/result.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// Adds the transactions of sequence 2 and on, waiting for their authorisation. One that falls due after the card has
/// expired is not made (lyra.md §1.6). Nothing for a single payment.
[[nodiscard]] base::Result<void> add_later_instalments(const Services& services, db::Tx& tx,
                                                       const merchants::ShopConfig& shop, const Payment& payment,
                                                       const Transaction& first);

/// The same where the payment ended with the first one refused: all are refused (lyra.md §1.6).
[[nodiscard]] base::Result<void> refuse_later_instalments(const Services& services, db::Tx& tx,
                                                          const merchants::ShopConfig& shop, const Payment& payment,
                                                          const Transaction& first);

}  // namespace acquit::payments

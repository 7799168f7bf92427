// PaymentStory: all that happened to a payment, as a person reads it: each transaction with its history, the calls that
// told the shop of it, and what still waits to be told. A read; any thread.
#pragma once

#include <vector>

#include "base/result.h"
#include "db/tx.h"
#include "notifications/delivery.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::reporting {

struct TransactionStory {
  payments::Transaction transaction;
  std::vector<payments::Operation> operations;      ///< The oldest first, as the others.
  std::vector<notifications::Delivery> deliveries;  ///< Calls that were made.
  std::vector<platform::OutboxMessage> waiting;     ///< Notifications to be sent.
};
struct PaymentStory {
  payments::Payment payment;
  std::vector<TransactionStory> transactions;
};

/// Errors: those of a read.
[[nodiscard]] base::Result<PaymentStory> story_of(const payments::Services& services, db::ReadTx& tx,
                                                  payments::WholePayment whole);

}  // namespace acquit::reporting

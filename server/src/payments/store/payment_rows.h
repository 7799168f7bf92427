// Rows of payments.sql as nouns. A row that does not parse is a bug or a damaged database: internal.
#pragma once

#include "base/result.h"
#include "db/tx.h"
#include "payments/nouns/payment.h"

namespace acquit::payments {

[[nodiscard]] base::Result<Payment> to_payment(const db::Row& row);
/// Of a row that need not be there.
[[nodiscard]] base::Result<std::optional<Payment>> to_maybe_payment(const base::Result<std::optional<db::Row>>& found);
[[nodiscard]] base::Result<Transaction> to_transaction(const db::Row& row);
[[nodiscard]] base::Result<Operation> to_operation(const db::Row& row);

}  // namespace acquit::payments

// Late approvals: an acquirer said yes after nobody waited for it any more. What it holds is given back.
//
// Also one that this process did not ask for, since it was started after: its transaction is found by merchant,
// reference and trace. The history of the transaction keeps it. Where the reversal of an unknown outcome is still under
// way, that one does it; otherwise, and also if the transaction has gone on since, another reversal begins that names
// what was approved.
#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// In the history of a transaction.
inline constexpr std::string_view kLateApproval = "late_approval";

/// How an acquirer is told whose an authorisation is: connectors::Authorisation::subject.
[[nodiscard]] std::string subject_of(const Transaction& transaction);

/// Inside the caller's write. `approval` is of that transaction.
[[nodiscard]] base::Result<void> note_late_approval(const Services& services, db::Tx& tx, TransactionId id,
                                                    base::ShopId shop, const connectors::LateApproval& approval);

/// In the history, where a transaction's authorisation was taken back: the acquirer had it and reversed it.
inline constexpr std::string_view kReversalAcknowledged = "the reversal was acknowledged";

/// Takes those that the acquirers of this process know of; one whose write fails comes round again. One call at a time.
[[nodiscard]] base::Task<base::Result<void>> reverse_late_approvals(const Services& services);

}  // namespace acquit::payments

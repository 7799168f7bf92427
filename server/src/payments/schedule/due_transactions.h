// The job that looks at every transaction whose time has come: captures, authorises, expires, abandons, resolves.
//
// What it does follows from the state alone; each step is guarded by that state, so two nodes may look at once. Some
// ask the acquirer and wait for its answer; those are a round of their own, so that captures never wait behind them.
#pragma once

#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// Handles what is due now, at most a thousand transactions, some of them at once; the number handled. A
/// transaction that fails is logged and put off for a quarter of an hour, so that the others have their turn.
[[nodiscard]] base::Task<base::Result<int>> handle_due_transactions(const Services& services, base::Executor& executor,
                                                                    Due which);

}  // namespace acquit::payments

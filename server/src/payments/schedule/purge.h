// Purge: what is kept for a time only: payments of mode TEST, the traces of refused requests, the refusals of cards.
//
// Works from shop to shop; each commit holds rows of one. A payment goes whole: transactions, history, postings,
// proofs, stored cards, calls and what waited to be sent, in one commit, so the ledger stays balanced. Nothing of
// PRODUCTION is ever touched. One of which something is still due (a later instalment, a capture, an authorisation not
// yet taken back) stays until that is done. A job; any thread.
#pragma once

#include <chrono>
#include <functional>

#include "base/result.h"
#include "base/task.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// How long the trace of a refused request is kept.
inline constexpr std::chrono::days kTraceRetention{90};
/// Limits look an hour back at most; a day is kept, for who looks into an attack.
inline constexpr std::chrono::days kRefusalRetention{1};

struct Purged {
  int payments = 0;
  int traces = 0;
  int refusals = 0;
  int acceptances = 0;  ///< Rows of what was accepted beside the refusals.
};

/// Removes TEST payments made more than `test_retention` ago (0: none), then old traces and refusals, in many small
/// commits between which others write; ends early once `stopped` says so. Bears being run by two nodes at once.
[[nodiscard]] base::Task<base::Result<Purged>> purge(const Services& services, std::chrono::days test_retention,
                                                     std::function<bool()> stopped);

}  // namespace acquit::payments

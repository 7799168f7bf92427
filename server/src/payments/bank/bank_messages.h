// What is sent to the acquirer after the fact, until it is acknowledged or in doubt (doubts.h): reversals (0400, 0401)
// and advices (0220, 0221).
//
// Handlers of the outbox topics `reversal` and `advice`. The first message carries a fresh trace, kept in the payload,
// so that repetitions after a restart name the same one.
#pragma once

#include "base/task.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// Reversal of an authorisation. Payload: why ("": no answer to a buyer's try; "batch": to a job's; "release": it is no
/// longer wanted), then the trace once sent. The acquirer's acknowledgement ends an unknown outcome.
[[nodiscard]] base::Task<platform::OutboxVerdict> send_reversal(const Services& services,
                                                                const platform::OutboxMessage& message);

/// Hands a captured transaction over. The bank's acknowledgement goes into the history, and only then a refund of it is
/// handed over too. A refusal makes it capture_failed, and cancels its refunds.
[[nodiscard]] base::Task<platform::OutboxVerdict> send_advice(const Services& services,
                                                              const platform::OutboxMessage& message);

}  // namespace acquit::payments

// `acquit replay-notification`: tells a shop once more what became of a payment, because an operator wants it: of one
// payment, or of all whose last call failed within a time. The use cases are those of notifications. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/desk.h"
#include "app/payment_options.h"
#include "base/result.h"
#include "notifications/replay_failed.h"

namespace acquit::app {

/// Value: the call, taken or not. Errors: those of find_named, and wrong_state where there is no URL to call.
[[nodiscard]] base::Result<notifications::CallByHand> replay(Desk& desk, const PaymentOptions& options);

struct FailedOptions {
  std::string shop;  ///< Empty: all shops.
  std::string from;
  std::string to;  ///< Empty: now.
  int limit = 1'000;
  bool dry_run = false;
};

/// What became of the failed notifications of a time.
struct ReplayReport {
  std::int64_t failed = 0;  ///< There were.
  notifications::Replayed replayed;
  std::string go_on_from;  ///< Where the rest begins, beyond the limit; empty: there is none.

  [[nodiscard]] bool all_taken() const { return replayed.taken == failed; }
};

/// `say` gets a line for each, from one thread at a time. A dry run calls nobody.
/// Errors: field_format, field_missing (say which option), database_unavailable.
[[nodiscard]] base::Result<ReplayReport> replay_failed(Desk& desk, const FailedOptions& options,
                                                       const std::function<void(const std::string&)>& say);
[[nodiscard]] std::string to_text(const ReplayReport& report, bool dry_run);
/// A call that was made and is not in the history: what happened, and what not to do.
[[nodiscard]] std::string unnoted_line(const base::Error& error);

}  // namespace acquit::app

// `acquit replay-notification`: tells a shop once more what became of a payment, because an operator wants it: of one
// payment, or of all whose last call failed within a time. The use case is the notifier's. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "app/desk.h"
#include "app/which.h"
#include "base/result.h"
#include "notifications/notifier.h"

namespace acquit::app {

/// Value: the call, taken or not. Errors: those of find_which, and wrong_state where there is no URL to call.
[[nodiscard]] base::Result<notifications::CallByHand> replay(Desk& desk, const Which& which);

struct FailedOptions {
  std::string shop;  ///< Empty: all shops.
  std::string from;
  std::string to;  ///< Empty: now.
  int limit = 1'000;
  bool dry_run = false;
};
inline constexpr int kReplayMax = 100'000;

/// What became of the failed notifications of a time.
struct Replayed {
  std::int64_t failed = 0;  ///< There were.
  std::int64_t taken = 0;   ///< By the shop, now.
  std::int64_t not_taken = 0;
  std::int64_t impossible = 0;  ///< There is nothing to call any more.
  std::int64_t left_out = 0;    ///< Their shop did not take several in a row.
  std::int64_t unnoted = 0;     ///< Called, but not written down; no more calls were begun then.
  std::string go_on_from;       ///< Where the rest begins, beyond the limit; empty: there is none.

  [[nodiscard]] bool all_taken() const { return taken == failed; }
};

/// `say` gets a line for each, from one thread at a time. A dry run calls nobody.
/// Errors: field_format, field_missing (say which option), database_unavailable.
[[nodiscard]] base::Result<Replayed> replay_failed(Desk& desk, const FailedOptions& options,
                                                   const std::function<void(const std::string&)>& say);
[[nodiscard]] std::string to_text(const Replayed& replayed, bool dry_run);
/// A call that was made and is not in the history: what happened, and what not to do.
[[nodiscard]] std::string unnoted_line(const base::Error& error);

}  // namespace acquit::app

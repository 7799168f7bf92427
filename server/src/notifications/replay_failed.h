// replay_failed: the notifications that failed within a time, each once more, because somebody wants it.
//
// Several calls at once, but a shop that takes none of some in a row is left alone: it is not mended yet, and each of
// its calls may take half a minute. Once a call could not be written down none is begun any more.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "db/database.h"
#include "notifications/notifier.h"

namespace acquit::notifications {

inline constexpr int kReplayMax = 100'000;

struct FailedCalls {
  std::vector<FailedCall> calls;  ///< Those that failed first, at most `limit`.
  std::int64_t count = 0;         ///< Of all, whatever the limit.
};
/// Errors: field_value (limit), and those of a read.
[[nodiscard]] base::Task<base::Result<FailedCalls>> find_failed(db::Database& database, FailedSearch search);

/// What became of them.
struct Replayed {
  std::int64_t taken = 0;  ///< By the shop, now.
  std::int64_t not_taken = 0;
  std::int64_t impossible = 0;  ///< There is nothing to call any more.
  std::int64_t left_out = 0;    ///< Their shop did not take several in a row, or a call could not be written down.
  std::int64_t unnoted = 0;     ///< Called, but not written down.
};

using OnReplay = std::function<void(const FailedCall&, const base::Result<CallByHand>&)>;

/// `tell` hears of each call that was tried, from one thread at a time.
[[nodiscard]] base::Task<Replayed> replay_failed(Notifier& notifier, const std::vector<FailedCall>& calls,
                                                 const base::Actor& actor, const OnReplay& tell);

}  // namespace acquit::notifications

// What both engines share: counting, running a work that may throw, checking text before it is bound.
//
// Free functions and plain counters; safe from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "db/database.h"
#include "db/impl/work_queue.h"

namespace acquit::db::impl {

struct AtomicCounters {
  std::atomic<std::uint64_t> commits = 0;
  std::atomic<std::uint64_t> works = 0;
  std::atomic<std::uint64_t> rolled_back = 0;
  std::atomic<std::uint64_t> retried_alone = 0;
  std::atomic<std::uint64_t> refused_full = 0;
  std::atomic<std::uint64_t> round_trips = 0;

  [[nodiscard]] Counters read() const;
};

inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
  counter.fetch_add(by, std::memory_order_relaxed);
}

/// Runs `work`; an exception out of it (a bug) becomes ErrorCode::internal, so that it ends one work and no thread.
[[nodiscard]] base::Result<void> run_guarded(Work& work, Tx& tx);
void run_guarded(ReadWork& work, ReadTx& tx);

/// Text may hold neither NUL nor broken UTF-8: PostgreSQL can't store it, so neither engine takes it.
[[nodiscard]] bool is_storable_text(std::string_view text);
[[nodiscard]] std::unexpected<base::Error> unstorable_text(const Statement& statement);

/// A statement used in a way that no input can cause; throws.
[[noreturn]] void statement_bug(const Statement& statement, std::string_view what);

/// While for_each() calls out, its transaction takes nothing else.
class Walk {
 public:
  Walk(bool& walking, const Statement& statement) : walking_(walking) {
    refuse_within(walking, statement);
    walking_ = true;
  }
  ~Walk() { walking_ = false; }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  static void refuse_within(bool walking, const Statement& statement) {
    if (walking) statement_bug(statement, "used within for_each of its own transaction");
  }

 private:
  bool& walking_;
};

[[nodiscard]] base::Error cancelled_error();
/// Of those whose time was over before their turn.
[[nodiscard]] base::Error late_error();
/// Of a caller's time the part that may pass in line: the rest is for the work. A batch that begins with next to no
/// time left would be given up in the middle of things that go well.
[[nodiscard]] constexpr base::Milliseconds line_limit(base::Milliseconds limit) { return limit / 2; }
/// Refuses those whose callers have waited for longer than `limit`.
void finish_late(WorkQueue<Work>& line, base::Milliseconds limit);
void finish_late(WorkQueue<ReadWork>& line, base::Milliseconds limit);

}  // namespace acquit::db::impl

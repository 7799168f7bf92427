#include "db/impl/pg_lane.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/log.h"

namespace acquit::db::impl {
namespace {

constexpr int kTriesAlone = 5;
constexpr base::Milliseconds kFirstPause{10};

/// Lets the other side of a conflict go first: who comes back at once may take the same lock again before the one that
/// waited for it has woken up, and they conflict for ever.
void give_way(int tried) {
  std::this_thread::sleep_for(kFirstPause * (1 << tried));  // tidy: a thread of its own that has nothing else to do
}

Statement control(std::string name, std::string text) {
  return {.name = "acquit." + name, .sqlite = {}, .postgresql = std::move(text)};
}

struct Controls {
  // Read committed: each statement sees what other lanes have committed, and rows that are read to be changed are
  // locked by the statement that reads them. A snapshot for a whole batch would make its works conflict for nothing.
  Statement begin = control("begin", "begin isolation level read committed");
  Statement savepoint = control("savepoint", "savepoint w");
  Statement release = control("release", "release savepoint w");
  Statement rollback_to = control("rollback_to", "rollback to savepoint w");
  Statement commit = control("commit", "commit");
  Statement rollback = control("rollback", "rollback");
};

const Controls& controls() {
  static const Controls kControls;
  return kControls;
}

}  // namespace

void PgLane::run_batch(std::span<Work* const> works) {
  outcomes_.assign(works.size(), {});
  until_ = works.front()->since + time_limit_;  // He has waited longest.
  Verdict verdict = attempt(works, outcomes_, Pace::pipelined);
  if (verdict == Verdict::in_steps) {
    count(counters_.retried_alone, works.size());
    verdict = attempt(works, outcomes_, Pace::in_steps);
  }
  if (verdict == Verdict::alone) {
    count(counters_.retried_alone, works.size());
    if (error_.code == base::ErrorCode::serialisation_failure) give_way(0);
    run_each_alone(works);
  } else if (verdict != Verdict::committed) {
    std::ranges::fill(outcomes_, base::Result<void>(std::unexpected(error_)));
  }
  const auto undone = static_cast<std::uint64_t>(std::ranges::count_if(outcomes_, [](const auto& o) { return !o; }));
  count(counters_.rolled_back, undone);
  count(counters_.works, works.size() - undone);
  // A work is gone once it is finished; nothing may look at it again.
  for (std::size_t i = 0; i < works.size(); ++i) works[i]->finish(std::move(outcomes_[i]));
}

void PgLane::run_each_alone(std::span<Work* const> works) {
  for (std::size_t i = 0; i < works.size(); ++i) {
    if (run_alone(*works[i], outcomes_[i]) != Verdict::committed) {
      outcomes_[i] = std::unexpected(error_);
    }
  }
}

PgLane::Verdict PgLane::run_alone(Work& work, base::Result<void>& outcome) {
  Work* const works[] = {&work};
  for (int tried = 1;; ++tried) {
    const Verdict verdict = attempt(works, {&outcome, 1}, Pace::in_steps);
    const bool conflict = verdict == Verdict::alone && error_.code == base::ErrorCode::serialisation_failure;
    if (!conflict || tried == kTriesAlone) return verdict;
    give_way(tried);
  }
}

PgLane::Verdict PgLane::attempt(std::span<Work* const> works, std::span<base::Result<void>> outcomes, Pace pace) {
  if (clock_.monotonic() >= until_) {
    error_ = late_error();
    return Verdict::failed;
  }
  const auto connection = link_.ready(until_);
  if (!connection) {
    error_ = connection.error();
    return Verdict::failed;
  }
  const Verdict verdict = transact(**connection, works, outcomes, pace);
  if (verdict == Verdict::failed) base::log::failed("database_batch", error_);
  return verdict;
}

PgLane::Verdict PgLane::transact(PgConnection& connection, std::span<Work* const> works,
                                 std::span<base::Result<void>> outcomes, Pace pace) {
  connection.start_clock(until_);
  connection.queue(controls().begin);
  for (std::size_t i = 0; i < works.size(); ++i) {
    connection.queue(controls().savepoint);
    PgTx tx(connection, pace);
    outcomes[i] = run_guarded(*works[i], tx);
    if (const auto& failure = tx.failure()) {
      if (!failure->own || failure->serialisation || failure->lost) return give_up(connection, *failure, pace);
      // The work's own statement failed before its eyes: the savepoint is all there is to undo.
      if (auto synced = connection.sync(); !synced) {
        synced.error().own = false;  // It was queued earlier: by this work or by another.
        return give_up(connection, std::move(synced).error(), pace);
      }
      if (outcomes[i]) outcomes[i] = std::unexpected(failure->error);
    }
    if (!outcomes[i]) connection.queue(controls().rollback_to);
    connection.queue(controls().release);
  }
  return commit(connection, pace);
}

PgLane::Verdict PgLane::commit(PgConnection& connection, Pace pace) {
  const bool lost_before = connection.lost();
  connection.queue(controls().commit);
  auto committed = connection.sync();
  if (committed && std::string_view(PQcmdStatus(committed->get())) == "COMMIT") {
    count(counters_.commits);
    return Verdict::committed;
  }
  if (committed) {  // The server rolled back instead: a statement failed that it had not told of.
    error_ = {.code = base::ErrorCode::internal, .field = {}, .detail = "postgresql: the commit was a rollback"};
    return Verdict::failed;
  }
  PgFailure failure = std::move(committed).error();
  // Only the server's own word about a command before the commit tells that a lost connection took nothing with it.
  const bool surely_not = lost_before || (!failure.own && !failure.sqlstate.empty());
  if (failure.lost && !surely_not) {
    error_ = {.code = base::ErrorCode::outcome_unknown,
              .field = {},
              .detail = connection.timed_out()
                            ? "the database did not answer in time while it committed; perhaps it did"
                            : "the connection to the database was lost while it committed; perhaps it did"};
    return Verdict::failed;
  }
  if (failure.own && failure.error.code == base::ErrorCode::constraint_violated) {  // A deferred constraint.
    error_ = std::move(failure.error);
    return Verdict::alone;
  }
  return give_up(connection, std::move(failure), pace);
}

PgLane::Verdict PgLane::give_up(PgConnection& connection, PgFailure failure, Pace pace) {
  error_ = std::move(failure.error);
  if (failure.lost) return Verdict::failed;
  // The first sync ends the state of failure; what it may still report is the failure known already.
  static_cast<void>(connection.sync());
  connection.queue(controls().rollback);
  if (auto undone = connection.sync(); !undone) {
    error_ = std::move(undone).error().error;
    return Verdict::failed;
  }
  if (failure.serialisation) return Verdict::alone;
  return pace == Pace::pipelined && !failure.own ? Verdict::in_steps : Verdict::failed;
}

}  // namespace acquit::db::impl

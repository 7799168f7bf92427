// PgLane: runs batches of works on one PostgreSQL connection.
//
// A batch is first tried with its statements pipelined in one transaction. If a statement that nobody waited for fails,
// all is rolled back and tried again in steps, where the error meets its work. If the commit itself fails by a conflict
// or a constraint, each work runs in a transaction of its own, some times over for conflicts. One thread.
#pragma once

#include <span>
#include <vector>

#include "db/database.h"
#include "db/impl/engine_support.h"
#include "db/impl/pg_link.h"
#include "db/impl/pg_tx.h"

namespace acquit::db::impl {

class PgLane {
 public:
  PgLane(PgLink link, AtomicCounters& counters, base::Milliseconds time_limit)
      : link_(std::move(link)), counters_(counters), time_limit_(time_limit) {}

  /// Runs and finishes all of `works`.
  void run_batch(std::span<Work* const> works);

 private:
  enum class Verdict : std::uint8_t {
    committed,  ///< Each work's outcome is in outcomes_.
    in_steps,   ///< Rolled back: some work is guilty, in steps it will show which.
    alone,      ///< Rolled back: the commit or a conflict with another lane failed; error_ says why.
    failed,     ///< Not committed; error_ is everybody's.
  };

  void run_each_alone(std::span<Work* const> works);
  [[nodiscard]] Verdict run_alone(Work& work, base::Result<void>& outcome);
  [[nodiscard]] Verdict attempt(std::span<Work* const> works, std::span<base::Result<void>> outcomes, Pace pace);
  [[nodiscard]] Verdict transact(PgConnection& connection, std::span<Work* const> works,
                                 std::span<base::Result<void>> outcomes, Pace pace);
  [[nodiscard]] Verdict commit(PgConnection& connection, Pace pace);
  /// What a failure means for the batch, after undoing it.
  [[nodiscard]] Verdict give_up(PgConnection& connection, PgFailure failure, Pace pace);

  PgLink link_;
  AtomicCounters& counters_;
  const base::Milliseconds time_limit_;
  base::OsClock clock_;
  base::Monotonic until_;  // The end of the time of the batch's first caller.
  base::Error error_;
  std::vector<base::Result<void>> outcomes_;
};

}  // namespace acquit::db::impl

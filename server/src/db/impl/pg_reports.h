// PgReports: a database whose reads go to a standby while that keeps up, and to the primary otherwise.
//
// How old a standby is: it shows all that the primary had written a moment ago, or else what it last took over is as
// old as that commit. Nobody writes on an idle primary, so the first keeps that from looking like lag, and asking the
// primary itself keeps a standby that was cut off from looking fresh. A read that fails on the standby, since it goes
// away or since taking over the primary's changes ended it, runs again on the primary. One thread, started here; safe
// from any.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "db/database.h"
#include "db/impl/pg_link.h"
#include "db/impl/work_queue.h"

namespace acquit::db::impl {

class PgReports final : public Database {
 public:
  static base::Result<std::unique_ptr<Database>> open(Database& primary, const Options& options,
                                                      base::Executor& executor);
  ~PgReports() override;

  [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
  [[nodiscard]] Counters counters() const override;

 private:
  PgReports(Database& primary, const Options& options, base::Executor& executor);
  bool enqueue(LaneKey key, Work& work) override { return pass(primary_, key, work); }
  bool enqueue(ReadWork& work) override { return reads_.push(work); }
  void loop();
  void answer(ReadWork& work);
  /// A connection to the standby that keeps up, or why there is none; both by `until`.
  [[nodiscard]] base::Result<PgConnection*> standby(base::Monotonic until);
  /// How far the primary has written; empty if it can't be asked by `until`.
  [[nodiscard]] std::string written(base::Monotonic until);
  /// False if the standby failed under the work, which has no answer then.
  [[nodiscard]] bool read(PgConnection& connection, ReadWork& work);
  /// Says where reports are read whenever that changes.
  void say(const std::string& why_not);

  Database& primary_;
  const base::Milliseconds time_limit_;
  const base::Milliseconds lag_max_;
  std::atomic<std::uint64_t> round_trips_ = 0;
  std::atomic<std::uint64_t> standby_reads_ = 0;
  PgConnector to_primary_;
  PgConnector to_standby_;
  PgLink primary_link_;
  PgLink standby_link_;
  base::OsClock clock_;
  base::Monotonic away_until_;
  std::string away_;
  std::string said_ = "nothing yet";
  WorkQueue<ReadWork> reads_;
  std::thread thread_;  // Last: it uses the others.
};

}  // namespace acquit::db::impl

// PgDatabase: lanes and readers on PostgreSQL, a connection and a thread each.
//
// The destructor answers every waiting work with `cancelled` and joins its threads. Safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "db/impl/line_watch.h"
#include "db/impl/pg_lane.h"
#include "db/impl/work_queue.h"

namespace acquit::db::impl {

class PgDatabase final : public Database {
 public:
  static base::Result<std::unique_ptr<Database>> open(const Options& options, base::Executor& executor);
  ~PgDatabase() override;

  [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
  [[nodiscard]] Counters counters() const override { return counters_.read(); }
  [[nodiscard]] bool spread_by_shop() const override { return spread_by_shop_; }

 private:
  struct Lane {
    Lane(const Options& options, PgLink link, AtomicCounters& counters)
        : queue(options.queue_max), lane(std::move(link), counters, options.time_limit) {}
    WorkQueue<Work> queue;
    PgLane lane;
  };

  PgDatabase(const Options& options, base::Executor& executor);
  [[nodiscard]] base::Result<void> connect(const Options& options);
  void start();
  bool enqueue(LaneKey key, Work& work) override;
  bool enqueue(ReadWork& work) override;
  void write_loop(Lane& lane);
  void read_loop(PgLink& link);
  void refuse_late();

  const std::size_t batch_max_;
  const bool spread_by_shop_;
  const base::Milliseconds time_limit_;
  AtomicCounters counters_;
  PgConnector connector_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  WorkQueue<ReadWork> reads_;
  std::vector<PgLink> readers_;
  std::vector<std::thread> threads_;
  std::optional<LineWatch> watch_;
};

}  // namespace acquit::db::impl

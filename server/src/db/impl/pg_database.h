// PgDatabase: lanes and readers on PostgreSQL, a connection and a thread each.
//
// The destructor answers every waiting work with `cancelled` and joins its threads. Safe from any thread.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "db/impl/pg_lane.h"
#include "db/impl/work_queue.h"

namespace acquit::db::impl {

class PgDatabase final : public Database {
 public:
  static base::Result<std::unique_ptr<Database>> open(const Options& options, base::Executor& executor);
  ~PgDatabase() override;

  [[nodiscard]] Engine engine() const override { return Engine::postgresql; }
  [[nodiscard]] Counters counters() const override { return counters_.read(); }

 private:
  struct Lane {
    Lane(std::size_t queue_max, PgLink link, AtomicCounters& counters)
        : queue(queue_max), lane(std::move(link), counters) {}
    WorkQueue<Work> queue;
    PgLane lane;
  };

  PgDatabase(const Options& options, base::Executor& executor, std::vector<PgLink> lanes, std::vector<PgLink> readers);
  bool enqueue(LaneKey key, Work& work) override;
  bool enqueue(ReadWork& work) override;
  void write_loop(Lane& lane);
  void read_loop(PgLink& link);

  const std::size_t batch_max_;
  AtomicCounters counters_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  WorkQueue<ReadWork> reads_;
  std::vector<PgLink> readers_;
  std::vector<std::thread> threads_;
};

}  // namespace acquit::db::impl

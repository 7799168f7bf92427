#include "db/impl/pg_database.h"

#include <algorithm>

#include "db/impl/pg_read.h"

namespace acquit::db::impl {
base::Result<std::unique_ptr<Database>> PgDatabase::open(const Options& options, base::Executor& executor) {
  std::unique_ptr<PgDatabase> made(new PgDatabase(options, executor));
  ACQUIT_CHECK(made->connect(options));
  made->start();
  return made;
}

PgDatabase::PgDatabase(const Options& options, base::Executor& executor)
    : Database(executor),
      batch_max_(std::max<std::size_t>(options.batch_max, 1)),
      spread_by_shop_(options.spread_by_shop),
      time_limit_(options.time_limit),
      connector_(options.url, options.time_limit, counters_.round_trips),
      reads_(options.queue_max) {}

base::Result<void> PgDatabase::connect(const Options& options) {
  for (std::size_t i = 0; i < std::max<std::size_t>(options.lanes, 1); ++i) {
    ACQUIT_TRY(auto connection, connector_.open());
    lanes_.push_back(std::make_unique<Lane>(options, PgLink(connector_, std::move(connection)), counters_));
  }
  for (std::size_t i = 0; i < std::max<std::size_t>(options.readers, 1); ++i) {
    ACQUIT_TRY(auto connection, connector_.open());
    readers_.emplace_back(connector_, std::move(connection));
  }
  return {};
}

void PgDatabase::start() {
  for (auto& lane : lanes_) threads_.emplace_back([this, &lane] { write_loop(*lane); });
  for (auto& link : readers_) threads_.emplace_back([this, &link] { read_loop(link); });
  watch_.emplace(line_limit(time_limit_), [this] { refuse_late(); });
}

PgDatabase::~PgDatabase() {
  watch_.reset();
  for (auto& lane : lanes_) lane->queue.close();
  reads_.close();
  for (auto& thread : threads_) thread.join();
}

void PgDatabase::refuse_late() {
  for (auto& lane : lanes_) finish_late(lane->queue, line_limit(time_limit_));
  finish_late(reads_, line_limit(time_limit_));
}

bool PgDatabase::enqueue(LaneKey key, Work& work) {
  const std::int64_t group = spread_by_shop_ ? key.shop : 0;
  const std::uint64_t value = spread_by_shop_ ? static_cast<std::uint64_t>(key.shop) : key.value;
  // Shop numbers follow one another; the multiplication (Knuth's) spreads them over the lanes.
  const std::uint64_t spread = (value * 0x9E3779B97F4A7C15) >> 32;
  if (lanes_[spread % lanes_.size()]->queue.push(work, group)) return true;
  count(counters_.refused_full);
  return false;
}

bool PgDatabase::enqueue(ReadWork& work) { return reads_.push(work); }

void PgDatabase::write_loop(Lane& lane) {
  std::vector<Work*> works;
  while (lane.queue.take(batch_max_, works)) lane.lane.run_batch(works);
  for (Work* work : works) work->finish(std::unexpected(cancelled_error()));
}

void PgDatabase::read_loop(PgLink& link) {
  std::vector<ReadWork*> works;
  while (reads_.take(1, works)) {
    const base::Monotonic until = works.front()->since + time_limit_;
    if (const auto connection = link.ready(until)) {
      PgRead read(**connection, until);
      run_guarded(*works.front(), read.tx());
    } else {
      works.front()->refuse(connection.error());
    }
  }
  for (ReadWork* work : works) work->refuse(cancelled_error());
}

}  // namespace acquit::db::impl

#include "db/impl/pg_database.h"

#include <algorithm>

#include "base/log.h"

namespace acquit::db::impl {
namespace {

const Statement& begin_read() {
  static const Statement kBegin{
      .name = "acquit.begin_read", .sqlite = {}, .postgresql = "begin isolation level repeatable read, read only"};
  return kBegin;
}

const Statement& end_read() {
  static const Statement kEnd{.name = "acquit.end_read", .sqlite = {}, .postgresql = "rollback"};
  return kEnd;
}

base::Result<std::vector<PgLink>> connect(const std::string& url, std::size_t count) {
  std::vector<PgLink> links;
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
    ACQUIT_TRY(auto connection, PgConnection::open(url));
    links.emplace_back(url, std::move(connection));
  }
  return links;
}

void run_read(PgConnection& connection, ReadWork& work) {
  connection.queue(begin_read());
  PgTx tx(connection, Pace::in_steps);
  run_guarded(work, tx);
  // After a failure the pipeline has to be opened again before the rollback can pass.
  if (tx.failure()) static_cast<void>(connection.sync());
  connection.queue(end_read());
  if (const auto ended = connection.sync(); !ended) base::log::failed("database_read_end", ended.error().error);
}

}  // namespace

base::Result<std::unique_ptr<Database>> PgDatabase::open(const Options& options, base::Executor& executor) {
  ACQUIT_TRY(auto lanes, connect(options.url, options.lanes));
  ACQUIT_TRY(auto readers, connect(options.url, options.readers));
  return std::unique_ptr<Database>(new PgDatabase(options, executor, std::move(lanes), std::move(readers)));
}

PgDatabase::PgDatabase(const Options& options, base::Executor& executor, std::vector<PgLink> lanes,
                       std::vector<PgLink> readers)
    : Database(executor),
      batch_max_(std::max<std::size_t>(options.batch_max, 1)),
      reads_(options.queue_max),
      readers_(std::move(readers)) {
  for (auto& link : lanes) lanes_.push_back(std::make_unique<Lane>(options.queue_max, std::move(link), counters_));
  for (auto& lane : lanes_) threads_.emplace_back([this, &lane] { write_loop(*lane); });
  for (auto& link : readers_) threads_.emplace_back([this, &link] { read_loop(link); });
}

PgDatabase::~PgDatabase() {
  for (auto& lane : lanes_) lane->queue.close();
  reads_.close();
  for (auto& thread : threads_) thread.join();
}

bool PgDatabase::enqueue(LaneKey key, Work& work) {
  // Shop numbers follow one another; the multiplication (Knuth's) spreads them over the lanes.
  const std::uint64_t spread = (key.value * 0x9E3779B97F4A7C15) >> 32;
  if (lanes_[spread % lanes_.size()]->queue.push(work)) return true;
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
    if (const auto connection = link.ready()) {
      run_read(**connection, *works.front());
    } else {
      works.front()->refuse(connection.error());
    }
  }
  for (ReadWork* work : works) work->refuse(cancelled_error());
}

}  // namespace acquit::db::impl

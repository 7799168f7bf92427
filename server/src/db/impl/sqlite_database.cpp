#include "db/impl/sqlite_database.h"

#include <algorithm>
#include <optional>

#include "base/log.h"

namespace acquit::db::impl {
namespace {

// Of the pages kept in memory: whoever writes reads as well, and all that is new. But no more than kWriterMaxKib: at
// the end of each transaction that moved rows between pages, SQLite looks through all that the writer keeps.
constexpr std::size_t kWriterTenths = 6;
constexpr std::size_t kWriterMaxKib = 16 * 1024;

/// After its first error a transaction refuses everything else, as PostgreSQL's does: a work can't commit half of
/// itself.
class SqliteTx final : public Tx {
 public:
  explicit SqliteTx(SqliteConnection& connection) : connection_(connection) {}

  [[nodiscard]] base::Result<Rows> query(const Statement& statement, Params params) override {
    ACQUIT_CHECK(ready(statement));
    return noted(connection_.query(statement, params));
  }
  [[nodiscard]] base::Result<void> for_each(const Statement& statement, Params params, const EachRow& each) override {
    ACQUIT_CHECK(ready(statement));
    const Walk walk(walking_, statement);
    base::Result<void> refused;
    ACQUIT_CHECK(noted(connection_.for_each(statement, params, each, refused)));
    return refused;
  }
  [[nodiscard]] Asked ask(const Statement& statement, Params params) override { return query(statement, params); }
  [[nodiscard]] base::Result<void> run(const Statement& statement, Params params) override {
    ACQUIT_CHECK(change(statement, params));
    return {};
  }
  [[nodiscard]] base::Result<std::int64_t> change(const Statement& statement, Params params) override {
    ACQUIT_CHECK(ready(statement));
    return noted(connection_.change(statement, params));
  }
  [[nodiscard]] base::Result<bool> change_one(const Statement& statement, Params params) override {
    ACQUIT_TRY(const std::int64_t rows, change(statement, params));
    return rows == 1;
  }
  [[nodiscard]] const std::optional<base::Error>& failure() const { return failure_; }

 private:
  [[nodiscard]] base::Result<void> ready(const Statement& statement) const {
    Walk::refuse_within(walking_, statement);
    if (failure_) return std::unexpected(*failure_);
    return {};
  }
  template <class T>
  base::Result<T> noted(base::Result<T> result) {
    if (!result) failure_ = result.error();
    return result;
  }
  SqliteConnection& connection_;
  std::optional<base::Error> failure_;
  bool walking_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Database>> SqliteDatabase::open(const std::string& path, const Options& options,
                                                             base::Executor& executor) {
  if (path.empty() || path == ":memory:") {
    return base::fail(base::ErrorCode::configuration_invalid, "the database address needs a file: sqlite:<path>");
  }
  Files files;
  files.syncs = std::make_unique<SqliteSyncs>();
  const char* const vfs = files.syncs->vfs_name();
  ACQUIT_TRY(Connection writer, SqliteConnection::open(path, SqliteConnection::Access::write, vfs));
  writer->limit_time(options.time_limit);
  const std::size_t readers = std::max<std::size_t>(options.readers, 1);
  const std::size_t cache_kib = options.cache_mib * 1024;
  const std::size_t writer_kib = std::min(cache_kib * kWriterTenths / 10, kWriterMaxKib);
  ACQUIT_CHECK(writer->limit_cache(writer_kib));
  files.writer = std::move(writer);
  for (std::size_t i = 0; i < readers; ++i) {
    ACQUIT_TRY(Connection reader, SqliteConnection::open(path, SqliteConnection::Access::read, vfs));
    reader->limit_time(options.time_limit);
    ACQUIT_CHECK(reader->limit_cache((cache_kib - writer_kib) / readers));
    files.readers.push_back(std::move(reader));
  }
  return std::unique_ptr<Database>(new SqliteDatabase(options, executor, std::move(files)));
}

SqliteDatabase::SqliteDatabase(const Options& options, base::Executor& executor, Files files)
    : Database(executor),
      batch_max_(std::max<std::size_t>(options.batch_max, 1)),
      time_limit_(options.time_limit),
      writes_(options.queue_max),
      reads_(options.queue_max),
      files_(std::move(files)) {
  threads_.emplace_back([this] { write_loop(); });
  for (const auto& reader : files_.readers) threads_.emplace_back([this, &reader] { read_loop(*reader); });
  watch_.emplace(line_limit(time_limit_), [this] { refuse_late(); });
}

SqliteDatabase::~SqliteDatabase() {
  watch_.reset();
  writes_.close();
  reads_.close();
  for (auto& thread : threads_) thread.join();
}

void SqliteDatabase::refuse_late() {
  finish_late(writes_, line_limit(time_limit_));
  finish_late(reads_, line_limit(time_limit_));
}

Counters SqliteDatabase::counters() const {
  Counters counters = counters_.read();
  counters.syncs = files_.syncs->count();
  return counters;
}

bool SqliteDatabase::enqueue(LaneKey, Work& work) {
  if (writes_.push(work)) return true;
  count(counters_.refused_full);
  return false;
}

bool SqliteDatabase::enqueue(ReadWork& work) { return reads_.push(work); }

void SqliteDatabase::write_loop() {
  std::vector<Work*> works;
  while (writes_.take(batch_max_, works)) run_batch(works);
  for (Work* work : works) work->finish(std::unexpected(cancelled_error()));
}

void SqliteDatabase::run_batch(std::span<Work* const> works) {
  outcomes_.assign(works.size(), {});
  const auto batch = try_batch(works);
  if (!batch) {
    undo_batch(batch.error());
    count(counters_.rolled_back, works.size());
  }
  failing_ = !batch;
  // A work is gone once it is finished; nothing may look at it again.
  for (std::size_t i = 0; i < works.size(); ++i) works[i]->finish(batch ? outcomes_[i] : batch);
}

void SqliteDatabase::undo_batch(const base::Error& error) {
  // Told once: a full disk must not be filled with lines that say so.
  if (!failing_) base::log::failed("database_batch", error);
  if (!files_.writer->in_transaction()) return;
  if (const auto undone = files_.writer->control(Control::rollback); !undone) {
    base::log::failed("database_rollback", undone.error());
  }
}

base::Result<void> SqliteDatabase::try_batch(std::span<Work* const> works) {
  files_.writer->start_clock(works.front()->since + time_limit_);
  ACQUIT_CHECK(files_.writer->control(Control::begin_write));
  ACQUIT_TRY(const bool stays, run_together(works));
  if (!stays) {
    count(counters_.retried_alone, works.size());
    ACQUIT_CHECK(files_.writer->control(Control::rollback));
    ACQUIT_CHECK(files_.writer->control(Control::begin_write));
    for (std::size_t i = 0; i < works.size(); ++i) ACQUIT_CHECK(run_in_savepoint(*works[i], outcomes_[i]));
  }
  ACQUIT_CHECK(files_.writer->control(Control::commit));
  const auto failed = static_cast<std::uint64_t>(std::ranges::count(outcomes_, false, &base::Result<void>::has_value));
  count(counters_.commits);
  count(counters_.works, works.size() - failed);
  count(counters_.rolled_back, failed);
  return {};
}

base::Result<bool> SqliteDatabase::run_together(std::span<Work* const> works) {
  for (std::size_t i = 0; i < works.size(); ++i) {
    const std::int64_t before = files_.writer->total_changes();
    ACQUIT_CHECK(run(*works[i], outcomes_[i]));
    if (!outcomes_[i] && files_.writer->total_changes() != before) return false;
  }
  return true;
}

base::Result<void> SqliteDatabase::run_in_savepoint(Work& work, base::Result<void>& outcome) {
  ACQUIT_CHECK(files_.writer->control(Control::savepoint));
  ACQUIT_CHECK(run(work, outcome));
  if (!outcome) ACQUIT_CHECK(files_.writer->control(Control::rollback_to));
  return files_.writer->control(Control::release);
}

base::Result<void> SqliteDatabase::run(Work& work, base::Result<void>& outcome) {
  SqliteTx tx(*files_.writer);
  outcome = run_guarded(work, tx);
  if (outcome && tx.failure()) outcome = std::unexpected(*tx.failure());
  if (!files_.writer->in_transaction()) {
    // SQLite gave the whole transaction up: what the works before this one wrote is gone too.
    return std::unexpected(tx.failure().value_or(base::Error{
        .code = base::ErrorCode::database_unavailable, .field = {}, .detail = "the transaction was rolled back"}));
  }
  if (outcome && files_.writer->has_dangling_reference()) {
    // Looked for here, because at the commit it would fail the whole batch.
    outcome = base::fail(base::ErrorCode::constraint_violated, "sqlite: a deferred foreign key points nowhere");
  }
  return {};
}

void SqliteDatabase::read_loop(SqliteConnection& connection) {
  std::vector<ReadWork*> works;
  while (reads_.take(1, works)) {
    connection.start_clock(works.front()->since + time_limit_);
    if (auto begun = connection.control(Control::begin_read); !begun) {
      works.front()->refuse(std::move(begun).error());
      continue;
    }
    SqliteTx tx(connection);
    run_guarded(*works.front(), tx);
    if (!connection.in_transaction()) continue;
    if (const auto ended = connection.control(Control::rollback); !ended) {
      base::log::failed("database_read_end", ended.error());
    }
  }
  for (ReadWork* work : works) work->refuse(cancelled_error());
}

}  // namespace acquit::db::impl

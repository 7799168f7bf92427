// SqliteDatabase: one writer thread that shares commits, and a pool of readers, on one SQLite file.
//
// A batch is first run without savepoints. If a work fails that had changed something, all is rolled back and run again
// with a savepoint around each.
//
// The destructor answers every waiting work with `cancelled` and joins its threads. Safe from any thread.
#pragma once

#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "db/database.h"
#include "db/impl/engine_support.h"
#include "db/impl/line_watch.h"
#include "db/impl/sqlite_connection.h"
#include "db/impl/sqlite_syncs.h"
#include "db/impl/work_queue.h"

namespace acquit::db::impl {

class SqliteDatabase final : public Database {
 public:
  static base::Result<std::unique_ptr<Database>> open(const std::string& path, const Options& options,
                                                      base::Executor& executor);
  ~SqliteDatabase() override;

  [[nodiscard]] Engine engine() const override { return Engine::sqlite; }
  [[nodiscard]] Counters counters() const override;

 private:
  using Connection = std::unique_ptr<SqliteConnection>;

  struct Files {
    std::unique_ptr<SqliteSyncs> syncs;  // Before the connections, which need it to the end.
    Connection writer;
    std::vector<Connection> readers;
  };

  SqliteDatabase(const Options& options, base::Executor& executor, Files files);
  bool enqueue(LaneKey key, Work& work) override;
  bool enqueue(ReadWork& work) override;

  void write_loop();
  void read_loop(SqliteConnection& connection);
  void run_batch(std::span<Work* const> works);
  /// The outcome of all works of the batch, if it is one for all; `outcomes_` otherwise holds each one's.
  [[nodiscard]] base::Result<void> try_batch(std::span<Work* const> works);
  void undo_batch(const base::Error& error);
  /// False where a work failed after it had changed something, which cannot be undone alone without a savepoint.
  [[nodiscard]] base::Result<bool> run_together(std::span<Work* const> works);
  [[nodiscard]] base::Result<void> run_in_savepoint(Work& work, base::Result<void>& outcome);
  /// An error ends the whole batch; that of the work alone is its `outcome`.
  [[nodiscard]] base::Result<void> run(Work& work, base::Result<void>& outcome);

  void refuse_late();

  const std::size_t batch_max_;
  const base::Milliseconds time_limit_;
  AtomicCounters counters_;
  WorkQueue<Work> writes_;
  WorkQueue<ReadWork> reads_;
  Files files_;
  std::vector<base::Result<void>> outcomes_;  // Of the writer thread; a member so that it is allocated once.
  bool failing_ = false;                      // The last batch failed as a whole.
  std::vector<std::thread> threads_;
  std::optional<LineWatch> watch_;
};

}  // namespace acquit::db::impl

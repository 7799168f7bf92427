// Database: one write, shared by many (architecture §5). The same interface on SQLite and PostgreSQL.
//
// write(key, work) queues `work` in the lane of `key`. A lane opens a transaction, runs each waiting work inside its
// own savepoint, commits once and only then resumes the callers, on the executor. A work that returns an error is
// rolled back alone. A full lane answers lane_full at once; it never grows without limit, and nobody waits for longer
// than the time limit, be it in line or for an answer. Works may be run again (see Tx::run). read(work) runs on a
// reader thread against a snapshot and never waits for writers. All members are safe from any thread. The database must
// outlive every call.
#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "db/tx.h"

namespace acquit::db {

/// Works with equal keys run one after the other, in the order queued. See ADR 0003 for who uses which.
struct LaneKey {
  std::uint64_t value = 0;
  std::int64_t shop = 0;  ///< Whose rows are written; 0: rows of no shop.
};

namespace impl {

/// What stands in a line for its caller, who may have stood in another line before: his time goes on from there.
struct Waiting {
  base::Monotonic since{};  ///< Set by the first line.
};

/// A queued work, kept in the caller's coroutine frame until it is resumed.
class Work : public Waiting {
 public:
  virtual ~Work() = default;
  /// Runs the work; may be called again after a rollback. The error, if any, rolls the work back.
  virtual base::Result<void> run(Tx& tx) = 0;
  /// The lane's last word: committed, or why not. Resumes the caller on the executor.
  virtual void finish(base::Result<void> outcome) = 0;
};

class ReadWork : public Waiting {
 public:
  virtual ~ReadWork() = default;
  /// Runs the work; may be called again where the database went away under it.
  virtual void run(ReadTx& tx) = 0;
  virtual void finish() = 0;                   ///< What the last run said is the answer.
  virtual void refuse(base::Error error) = 0;  ///< No reader could be had.
};

}  // namespace impl

struct Counters {
  std::uint64_t commits = 0;
  std::uint64_t works = 0;
  std::uint64_t rolled_back = 0;
  std::uint64_t retried_alone = 0;
  std::uint64_t refused_full = 0;
  std::uint64_t syncs = 0;  ///< How often a file was made durable; 0 on PostgreSQL, whose server does it unseen.
  std::uint64_t standby_reads = 0;  ///< Reads that a standby answered.
  std::uint64_t round_trips = 0;    ///< How often somebody waited for PostgreSQL's answer; 0 on SQLite.
};

struct Options {
  /// `sqlite:<path>` or a libpq connection URI `postgresql://…`.
  std::string url;
  std::size_t lanes = 4;  ///< PostgreSQL only; SQLite has one writer.
  /// PostgreSQL only: shops lie on several machines (Citus and its kin), and a commit across machines is dear. The shop
  /// chooses the lane, and a batch holds works of one shop.
  bool spread_by_shop = false;
  std::size_t readers = 2;       ///< Threads that read.
  std::size_t queue_max = 4096;  ///< Works waiting in one lane before lane_full.
  std::size_t batch_max = 64;    ///< Works in one commit.
  std::size_t cache_mib = 160;   ///< SQLite only: memory for pages, of all connections together.
  /// How long a caller waits at most, in line and for the database together. Half of it may pass in line; a connection
  /// that lets the rest pass is dropped: outcome_unknown if it was at its commit, otherwise database_unavailable. A
  /// file that hangs can't be dropped, so on SQLite it bounds the line, locks and statements.
  base::Milliseconds time_limit{10'000};
  std::string report_url{};  ///< A standby for reports; PostgreSQL only, empty: none.
  base::Milliseconds report_lag_max{10'000};
};

class Database {
 public:
  virtual ~Database() = default;

  /// Opens the database; does not migrate. Errors: database_unavailable, configuration_invalid (with what to do).
  static base::Result<std::unique_ptr<Database>> open(const Options& options, base::Executor& executor);
  /// `primary` for reports: its writes go on, but reads go to the standby that `options.report_url` names, as long as
  /// what it shows is no older than `options.report_lag_max`; otherwise, and where it is away, to `primary`, which the
  /// log says. Nothing is connected before the first read. Errors: configuration_invalid.
  static base::Result<std::unique_ptr<Database>> reports(Database& primary, const Options& options,
                                                         base::Executor& executor);

  /// `work`: Result<T>(Tx&). The Task's value is the work's, once it is durable.
  template <class F>
  [[nodiscard]] auto write(LaneKey key, F work) -> base::Task<std::invoke_result_t<F&, Tx&>> {
    co_return co_await WriteAwaiter<F>(*this, key, work);
  }
  /// `work`: Result<T>(ReadTx&).
  template <class F>
  [[nodiscard]] auto read(F work) -> base::Task<std::invoke_result_t<F&, ReadTx&>> {
    co_return co_await ReadAwaiter<F>(*this, work);
  }

  [[nodiscard]] virtual Engine engine() const = 0;
  [[nodiscard]] virtual Counters counters() const = 0;
  /// As in Options: reads over several shops avoid what an engine can't do across machines.
  [[nodiscard]] virtual bool spread_by_shop() const { return false; }

 protected:
  explicit Database(base::Executor& executor) : executor_(executor) {}
  /// False if the lane is full; then `work` is not touched.
  virtual bool enqueue(LaneKey key, impl::Work& work) = 0;
  virtual bool enqueue(impl::ReadWork& work) = 0;
  /// For a database that stands in front of another.
  static bool pass(Database& to, LaneKey key, impl::Work& work) { return to.enqueue(key, work); }
  static bool pass(Database& to, impl::ReadWork& work) { return to.enqueue(work); }
  base::Executor& executor_;

 private:
  template <class F>
  class WriteAwaiter final : impl::Work {
   public:
    using R = std::invoke_result_t<F&, Tx&>;
    WriteAwaiter(Database& database, LaneKey key, F& work) : database_(database), key_(key), work_(work) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) {
      caller_ = caller;
      if (database_.enqueue(key_, *this)) return true;
      value_.emplace(base::fail(base::ErrorCode::lane_full, "too many writes are waiting; try again"));
      return false;
    }
    R await_resume() { return *std::move(value_); }

   private:
    base::Result<void> run(Tx& tx) override {
      static_cast<void>(tx.take_bells());  // Of a work before that was rolled back.
      value_.emplace(work_(tx));
      bells_ = tx.take_bells();
      if (!*value_) return std::unexpected(value_->error());
      return {};
    }
    void finish(base::Result<void> outcome) override {
      for (base::Bell* bell : bells_) bell->ring();
      if (!outcome) value_.emplace(std::unexpected(std::move(outcome).error()));
      database_.executor_.post(caller_);
    }
    Database& database_;
    LaneKey key_;
    F& work_;
    std::vector<base::Bell*> bells_;
    std::optional<R> value_;
    std::coroutine_handle<> caller_;
  };

  template <class F>
  class ReadAwaiter final : impl::ReadWork {
   public:
    using R = std::invoke_result_t<F&, ReadTx&>;
    ReadAwaiter(Database& database, F& work) : database_(database), work_(work) {}
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> caller) {
      caller_ = caller;
      if (database_.enqueue(*this)) return true;
      value_.emplace(base::fail(base::ErrorCode::lane_full, "too many reads are waiting; try again"));
      return false;
    }
    R await_resume() { return *std::move(value_); }

   private:
    void run(ReadTx& tx) override { value_.emplace(work_(tx)); }
    void finish() override { database_.executor_.post(caller_); }
    void refuse(base::Error error) override {
      value_.emplace(std::unexpected(std::move(error)));
      database_.executor_.post(caller_);
    }
    Database& database_;
    F& work_;
    std::optional<R> value_;
    std::coroutine_handle<> caller_;
  };
};

}  // namespace acquit::db

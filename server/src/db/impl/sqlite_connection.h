// SqliteConnection: one SQLite handle with its prepared statements, kept for the life of the connection.
//
// Owned and used by one thread at a time. Errors: disk_full, database_unavailable (busy, I/O, damaged file),
// constraint_violated, timed_out, internal (a statement that does not fit the schema). Nothing here retries.
#pragma once

#include <sqlite3.h>

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "db/tx.h"

namespace acquit::db::impl {

/// The transaction statements, prepared once.
enum class Control : std::uint8_t { begin_write, begin_read, commit, rollback, savepoint, release, rollback_to };

class SqliteConnection {
 public:
  enum class Access : std::uint8_t { write, read };

  /// Opens (for write: creates) the file at `path` and sets it up: WAL, synchronous=FULL, foreign keys. `vfs` is the
  /// name of a registered one; null for the system's.
  static base::Result<std::unique_ptr<SqliteConnection>> open(const std::string& path, Access access,
                                                              const char* vfs = nullptr);

  /// From now on no lock is waited for, and no statement runs, past what start_clock() said last.
  void limit_time(base::Milliseconds limit);
  /// How much memory it may keep pages in; without a call 2 MiB.
  [[nodiscard]] base::Result<void> limit_cache(std::size_t kib);
  void start_clock(base::Monotonic until);

  [[nodiscard]] base::Result<Rows> query(const Statement& statement, Params params);
  /// `refused` is the error of `each`, if that ended it.
  [[nodiscard]] base::Result<void> for_each(const Statement& statement, Params params, const EachRow& each,
                                            base::Result<void>& refused);
  /// The number of rows changed.
  [[nodiscard]] base::Result<std::int64_t> change(const Statement& statement, Params params);
  [[nodiscard]] base::Result<void> control(Control control);
  /// Runs a text of several statements without parameters.
  [[nodiscard]] base::Result<void> execute(const std::string& script);
  /// The rows of one statement without parameters, not kept.
  [[nodiscard]] base::Result<Rows> query_text(const std::string& text);

  /// Rows changed since it was opened, those that a rollback undid and those of foreign keys' actions among them.
  [[nodiscard]] std::int64_t total_changes() const { return sqlite3_total_changes64(handle_.get()); }
  /// False also when SQLite has rolled the transaction back by itself, as it does when the disk is full.
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  /// True while a deferred foreign key of the transaction points nowhere: its commit would fail.
  [[nodiscard]] bool has_dangling_reference() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Handle = std::unique_ptr<sqlite3, Close>;
  using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;
  struct Cached {
    std::string text;
    Prepared prepared;
    std::vector<int> slots;  // slots[n - 1]: SQLite's index of $n, 0 if the text does not use it.
    std::size_t parameters = 0;
  };

  explicit SqliteConnection(Handle handle) : handle_(std::move(handle)) {}
  [[nodiscard]] base::Result<void> set_up(Access access);
  [[nodiscard]] base::Result<Prepared> prepare(std::string_view text, unsigned flags);
  [[nodiscard]] base::Result<Cached*> find(const Statement& statement);
  [[nodiscard]] base::Result<Cached> make(const Statement& statement, unsigned flags);
  [[nodiscard]] base::Result<sqlite3_stmt*> bind(const Statement& statement, Params params);
  [[nodiscard]] base::Result<Rows> collect(sqlite3_stmt* statement);
  /// Ends a statement that gave `status`.
  [[nodiscard]] base::Result<void> end(sqlite3_stmt* statement, int status) const;
  [[nodiscard]] base::Error last_error() const;
  [[nodiscard]] int last_errno() const;

  base::OsClock clock_;
  base::Monotonic until_;
  Handle handle_;
  std::unordered_map<std::string, Cached> statements_;
  Cached once_;  // The last one that is not kept.
  std::array<Prepared, 7> controls_;
};

}  // namespace acquit::db::impl

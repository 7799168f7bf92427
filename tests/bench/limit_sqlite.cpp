#include <sqlite3.h>

#include <chrono>
#include <map>
#include <stdexcept>

#include "bench/limit.h"
#include "bench/rows.h"

namespace acquit::bench {
namespace {

class File {
 public:
  explicit File(const std::string& path) {
    check(sqlite3_open(path.c_str(), &db_));
    sqlite3_busy_timeout(db_, 10'000);  // The server beside us writes now and then.
    run("pragma journal_mode=wal");
    run("pragma synchronous=full");
    run("pragma cache_size=-131072");
    run("pragma wal_autocheckpoint=16384");
  }
  ~File() {
    for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  void write(const RowToWrite& row) {
    sqlite3_stmt*& statement = statements_[row.statement];
    if (statement == nullptr)
      check(sqlite3_prepare_v3(db_, row.statement->sqlite.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    for (std::size_t i = 0; i < row.values.size(); ++i)
      bind(statement, static_cast<int>(i) + 1, row.values[i], row.bytes_at_4 && i == 3);
    int step = sqlite3_step(statement);
    while (step == SQLITE_ROW) step = sqlite3_step(statement);  // Some say that they added something.
    if (step != SQLITE_DONE) check(SQLITE_ERROR);
    sqlite3_reset(statement);
  }

 private:
  void bind(sqlite3_stmt* statement, int index, const Value& value, bool bytes) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      const int size = static_cast<int>(text->size());
      bytes ? sqlite3_bind_blob(statement, index, text->data(), size, SQLITE_STATIC)
            : sqlite3_bind_text(statement, index, text->data(), size, SQLITE_STATIC);
    } else {
      sqlite3_bind_null(statement, index);
    }
  }
  void check(int code) const {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  sqlite3* db_ = nullptr;
  std::map<const db::Statement*, sqlite3_stmt*> statements_;
};

}  // namespace

base::Result<double> limit_sqlite(const LimitOptions& options) {
  File file(options.target);
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t done = 0; done < options.payments;) {
    file.run("begin immediate");
    for (int i = 0; i < options.batch && done < options.payments; ++i, ++done) {
      for (const RowToWrite& row : rows_of_payment(options.first + done)) file.write(row);
    }
    file.run("commit");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(options.payments) / took.count();
}

}  // namespace acquit::bench

// What a store sees of the database: parameters, rows, a read view and a write transaction. No driver type.
//
// A Tx belongs to the work it was given to, on the lane's thread, and can't commit. Views in Params must live until the
// call returns. Errors: database_unavailable, disk_full, serialisation_failure, constraint_violated, timed_out.
//
// A database may be 20 ms away, and whoever waits for each answer before the next question pays that for each of them.
// So what does not depend on an answer is asked for ahead (ask), and what is written is not waited for (run,
// change_one): it goes out together, and one way there and back serves all of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bell.h"
#include "base/result.h"
#include "db/params.h"
#include "db/statement.h"

namespace acquit::db {

/// One cell as it came: null, integer, or text/bytes.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;

/// Columns by position, in the order of the statement. Asking for the wrong type is a bug and throws.
class Row {
 public:
  explicit Row(std::vector<Cell> cells) : cells_(std::move(cells)) {}
  [[nodiscard]] bool is_null(std::size_t column) const;
  [[nodiscard]] std::int64_t integer(std::size_t column) const;
  [[nodiscard]] bool boolean(std::size_t column) const { return integer(column) != 0; }
  [[nodiscard]] const std::string& text(std::size_t column) const;  ///< Also bytes.
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::size_t column) const;
  [[nodiscard]] std::optional<std::string> maybe_text(std::size_t column) const;
  /// The text moved out; afterwards the cell is empty. Also bytes.
  [[nodiscard]] std::string take_text(std::size_t column);
  [[nodiscard]] std::size_t size() const { return cells_.size(); }

 private:
  std::vector<Cell> cells_;
};
using Rows = std::vector<Row>;

/// Rows that were asked for, perhaps on their way still. Of the thread of its transaction; what a committed work asked
/// for is there once the work is answered, so a work may hand it out.
class Asked {
 public:
  /// Where the rows arrive.
  struct Place {
    std::optional<Rows> rows;
    /// Waits for all that was asked for; empty once the transaction has ended.
    std::function<base::Result<void>()> wait;
  };

  Asked(base::Result<Rows> rows) : rows_(std::move(rows)) {}
  Asked(std::shared_ptr<Place> place) : place_(std::move(place)) {}

  /// Once. Waits if need be, and then for all that the transaction has asked for.
  [[nodiscard]] base::Result<Rows> rows();
  /// The first row, or nothing.
  [[nodiscard]] base::Result<std::optional<Row>> first();

 private:
  base::Result<Rows> rows_;
  std::shared_ptr<Place> place_;  // Shared with the connection that fills it. Null if rows_ is the answer.
};

using EachRow = std::function<base::Result<void>(Row)>;

/// A snapshot to read from.
class ReadTx {
 public:
  virtual ~ReadTx() = default;
  [[nodiscard]] virtual base::Result<Rows> query(const Statement& statement, Params params) = 0;
  /// Sends a query and goes on.
  [[nodiscard]] virtual Asked ask(const Statement& statement, Params params) = 0;
  /// Calls `each` with one row after the other and holds few of them: what is read may be larger than memory. An error
  /// of `each` ends it and is the answer; the transaction goes on. It has the time that a query has, for all rows
  /// together: on SQLite that of `each` counts too, on PostgreSQL only the waiting. PostgreSQL is asked for some
  /// hundred rows at a time, which is one way there and back each; for few rows query() is faster. `each` must not use
  /// this transaction (throws).
  [[nodiscard]] virtual base::Result<void> for_each(const Statement& statement, Params params, const EachRow& each) = 0;
  /// The first row, or nothing.
  [[nodiscard]] base::Result<std::optional<Row>> find(const Statement& statement, Params params);
};

/// A transaction that writes. It also reads, seeing its own writes.
class Tx : public ReadTx {
 public:
  /// Sends a change whose answer nobody needs. An error may show only at the commit; then the work is run again alone,
  /// and its caller gets the error. So a work may run twice and must change nothing but the Tx and its own locals.
  [[nodiscard]] virtual base::Result<void> run(const Statement& statement, Params params) = 0;
  /// Makes a change and waits for the number of rows changed.
  [[nodiscard]] virtual base::Result<std::int64_t> change(const Statement& statement, Params params) = 0;
  /// Makes a change that changes one row unless somebody was faster; whether it did. Yes may be a promise: where it is
  /// not kept, everything is undone and the work is run again, now to be told no. That is dear for all works of the
  /// batch, so a no must be rare and nothing that a stranger can cause at will: where he can, use change().
  [[nodiscard]] virtual base::Result<bool> change_one(const Statement& statement, Params params) = 0;

  /// The bell rings once the work's fate is known: who waits for what it wrote finds it if it was committed. It must
  /// outlive the work's call.
  void ring_at_end(base::Bell& bell);
  /// The bells of the work that runs now; from then on there are none. For the database.
  [[nodiscard]] std::vector<base::Bell*> take_bells() { return std::exchange(bells_, {}); }

 private:
  std::vector<base::Bell*> bells_;
};

}  // namespace acquit::db

// What a store sees of the database: parameters, rows, a read view and a write transaction. No driver type.
//
// A Tx belongs to the work it was given to, on the lane's thread, and can't commit. Views in Params must live until the
// call returns. Errors: database_unavailable, disk_full, serialisation_failure, constraint_violated, timed_out.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "db/statement.h"

namespace acquit::db {

/// A bound value: null, integer, text or bytes.
class Param {
 public:
  struct Bytes {
    std::string_view view;
  };
  using Value = std::variant<std::monostate, std::int64_t, std::string_view, Bytes>;

  Param(std::nullptr_t) {}
  Param(std::int64_t value) : value_(value) {}
  Param(int value) : value_(std::int64_t{value}) {}
  Param(bool value) : value_(std::int64_t{value ? 1 : 0}) {}
  Param(std::string_view text) : value_(text) {}
  Param(const std::string& text) : value_(std::string_view(text)) {}
  Param(const char* text) : value_(std::string_view(text)) {}
  Param(Bytes bytes) : value_(bytes) {}
  template <class T>
  Param(const std::optional<T>& maybe) : Param(maybe ? Param(*maybe) : Param(nullptr)) {}

  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_;
};
using Params = std::initializer_list<Param>;

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
  [[nodiscard]] std::size_t size() const { return cells_.size(); }

 private:
  std::vector<Cell> cells_;
};
using Rows = std::vector<Row>;

/// A snapshot to read from.
class ReadTx {
 public:
  virtual ~ReadTx() = default;
  [[nodiscard]] virtual base::Result<Rows> query(const Statement& statement, Params params) = 0;
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
};

}  // namespace acquit::db

// Tables that people bring as CSV: lists of a bank, ranges of cards (RFC 4180, as spreadsheets write it).
//
// The first record names the columns; they are found by name, whatever their order, and those that nobody asked for are
// skipped. Fields stand between commas, semicolons or tabs, whichever comes first in the heading. Rows are read one by
// one, so that a table of any length takes little memory. One thread at a time.
#pragma once

#include <cstddef>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace acquit::base {

/// A column that the reader of a table wants.
struct CsvColumn {
  std::string_view name;  ///< Compared without regard to case and blanks around it.
  bool required = true;   ///< An absent optional one is read as empty.
};

struct CsvRow {
  std::size_t line = 0;             ///< On which it begins; the heading is line 1.
  std::vector<std::string> values;  ///< In the order of the columns asked for, without blanks around them.
};

class CsvReader {
 public:
  /// Reads the heading. `in` must outlive the reader. Errors: those of next(), and field_missing (a required column).
  static Result<CsvReader> open(std::istream& in, std::vector<CsvColumn> columns);

  /// The next row, nothing after the last; empty lines are skipped. Errors, each with its line: field_format (a quote
  /// that is not closed or stands within a field, another number of fields than the heading has, no UTF-8),
  /// field_too_long (a record of more than 64 kB).
  Result<std::optional<CsvRow>> next();

 private:
  explicit CsvReader(std::istream& in) : in_(&in) {}
  Result<std::optional<std::vector<std::string>>> record();
  Result<void> quoted(std::string& field);
  [[nodiscard]] std::unexpected<Error> fault(ErrorCode code, std::string_view what) const;
  int take();

  std::istream* in_;
  char separator_ = 0;  ///< Not known before the heading's first.
  std::size_t line_ = 1;
  std::size_t begins_ = 1;
  std::size_t bytes_ = 0;  ///< Of the record so far.
  std::size_t width_ = 0;  ///< Fields of the heading.
  std::vector<std::size_t> places_;
};

}  // namespace acquit::base

// Listing: rows of a described table as somebody outside asks for them: filtered, in a stable order, page by page.
//
// The statement stands in its SQL file and leaves two places open, which only names from the table's description fill:
//   select {orders} from orders where shop_id = $1 and {conditions} order by {order} limit $2
// What the outsider wrote is bound and never becomes SQL. The shop is one of the statement's own parameters, so neither
// a filter nor the text of a cursor leads to another shop's rows; a made-up cursor only begins somewhere else.
// One thread; views among the own parameters must outlive it.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "db/params.h"
#include "db/statement.h"
#include "db/table_shape.h"

namespace acquit::db {

/// One condition as an outsider wrote it.
struct Filter {
  std::string column;
  std::string comparison;  ///< One of = <> < <= > >=.
  std::string value;       ///< Times and amounts as integers, true or false, everything else as it is stored.
};

class Listing {
 public:
  static constexpr std::size_t kFiltersMax = 16;

  /// `own` are the values of $1, $2, … of the statement itself.
  Listing(const TableShape& table, const PageOrder& order, std::initializer_list<Param> own);

  /// Errors: field_value, which names the field and says what is allowed.
  [[nodiscard]] base::Result<void> filter(const Filter& filter);
  /// Only the rows behind that of a cursor (Table::cursor), in this listing's order. Errors: field_format.
  [[nodiscard]] base::Result<void> after(std::string_view cursor);

  /// `open` with its places filled. It is not kept prepared: there are too many of them.
  [[nodiscard]] Statement fill(const Statement& open) const;
  [[nodiscard]] Params params() const { return bound_; }

 private:
  void add(const std::string& condition);
  [[nodiscard]] bool take(const ColumnShape& column, std::size_t part, std::string_view value);

  TableShape table_;
  PageOrder order_;
  Bound bound_;
  std::size_t filters_ = 0;
  std::string conditions_;
};

}  // namespace acquit::db

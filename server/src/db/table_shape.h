// TableShape: what a table is called and which columns it has, as far as SQL is concerned; and its parts of a
// statement.
//
// SQL files name the columns of a described table (table.h) by a placeholder, which load_statement fills:
//   {orders}                  its columns, for a select, an insert, a returning
//   {orders as o}             the same of an alias: o.shop_id, o.order_id, …
//   {orders.values}           $1, $2, …: as Table::bind gives them
//   {orders.key after 3}      shop_id = $4 and order_id = $5: as Table::bind_change gives them behind three others
//   {orders.changes after 3}  state = $6, …: the columns that change, likewise
// Plain values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "db/params.h"

namespace acquit::db {

enum class Role : std::uint8_t {
  key,       ///< Part of the primary key.
  fixed,     ///< Written at the row's birth, never after.
  changing,  ///< Written by a change too.
};

/// How an outsider may ask for rows by a column (listing.h).
enum class Filters : std::uint8_t {
  none,
  equal,    ///< = and <>.
  ordered,  ///< Those and < <= > >=.
};

/// One value of a row; it may take several columns, as money does.
struct ColumnShape {
  std::string_view names;  ///< "state", or "amount, currency".
  std::size_t width = 1;   ///< How many columns.
  Role role = Role::fixed;
  Filters filters = Filters::none;
  /// Adds what an outsider wrote as a value of the `part`th column; false if it can't be one. Null: no outsider may.
  bool (*take)(std::size_t part, std::string_view text, Bound& bound) = nullptr;
};

struct TableShape {
  std::string_view name;
  std::span<const ColumnShape> columns;
};

/// The order of a listing, all of it in one direction. With the shop, the columns name one row.
struct PageOrder {
  std::span<const std::string_view> columns;
  bool newest_first = true;
};
inline constexpr char kCursorSeparator = '~';

/// The name of a value's `part`th column.
[[nodiscard]] std::string_view name_of(const ColumnShape& column, std::size_t part);

/// The text that stands for a placeholder (without braces), or nothing if it is none of this table; throws if it is one
/// that can't be understood.
[[nodiscard]] std::optional<std::string> fill(const TableShape& table, std::string_view placeholder);

}  // namespace acquit::db

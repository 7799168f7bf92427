#include "db/table_shape.h"

#include <stdexcept>

#include "base/list.h"
#include "base/number.h"

namespace acquit::db {
namespace {

struct Placeholder {
  std::string_view table;
  std::string_view what;  // Behind the point; empty: the columns.
  std::size_t after = 0;
  std::string_view alias;
};

[[noreturn]] void bug(std::string_view placeholder) {
  throw std::logic_error("not understood: {" + std::string(placeholder) + "}");
}

Placeholder parse(std::string_view text) {
  Placeholder parsed;
  const std::size_t blank = text.find(' ');
  const std::string_view head = text.substr(0, blank);
  const std::size_t point = head.find('.');
  parsed.table = head.substr(0, point);
  if (point != std::string_view::npos) parsed.what = head.substr(point + 1);
  if (blank == std::string_view::npos) return parsed;
  const std::string_view rest = text.substr(blank + 1);
  if (rest.starts_with("as ") && parsed.what.empty()) {
    parsed.alias = rest.substr(3);
    return parsed;
  }
  const auto number =
      rest.starts_with("after ") ? base::parse_int<std::size_t>(rest.substr(6)) : std::optional<std::size_t>();
  if (!number || parsed.what.empty()) bug(text);
  parsed.after = *number;
  return parsed;
}

template <class Each>
void for_each_name(const TableShape& table, Each each) {
  for (const ColumnShape& column : table.columns) {
    for (std::size_t part = 0; part < column.width; ++part) each(column, name_of(column, part));
  }
}

std::string columns(const TableShape& table, std::string_view alias) {
  const std::string before = alias.empty() ? "" : std::string(alias) + ".";
  std::string text;
  for_each_name(table, [&](const ColumnShape&, std::string_view name) {
    base::append_part(text, before + std::string(name), ", ");
  });
  return text;
}

std::string values(const TableShape& table, std::size_t after) {
  std::string text;
  for_each_name(table, [&](const ColumnShape&, std::string_view) {
    base::append_part(text, "$" + std::to_string(++after), ", ");
  });
  return text;
}

// "a = $1" of each column of a role.
std::string equations(const TableShape& table, Role role, std::string_view between, std::size_t after) {
  std::string text;
  for_each_name(table, [&](const ColumnShape& column, std::string_view name) {
    if (column.role != role) return;
    base::append_part(text, std::string(name) + " = $" + std::to_string(++after), between);
  });
  return text;
}

std::size_t width_of_key(const TableShape& table) {
  std::size_t width = 0;
  for (const ColumnShape& column : table.columns) width += column.role == Role::key ? column.width : 0;
  return width;
}

}  // namespace

std::string_view name_of(const ColumnShape& column, std::size_t part) {
  std::string_view names = column.names;
  for (; part > 0; --part) names.remove_prefix(names.find(", ") + 2);
  return names.substr(0, names.find(", "));
}

std::optional<std::string> fill(const TableShape& table, std::string_view placeholder) {
  const Placeholder parsed = parse(placeholder);
  if (parsed.table != table.name) return std::nullopt;
  if (parsed.what.empty()) return columns(table, parsed.alias);
  if (parsed.what == "values") return values(table, parsed.after);
  if (parsed.what == "key") return equations(table, Role::key, " and ", parsed.after);
  if (parsed.what == "changes") return equations(table, Role::changing, ", ", parsed.after + width_of_key(table));
  bug(placeholder);
}

}  // namespace acquit::db

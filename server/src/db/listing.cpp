#include "db/listing.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/list.h"
#include "db/impl/engine_support.h"

namespace acquit::db {
namespace {

constexpr std::array<std::string_view, 2> kEquality = {"=", "<>"};
constexpr std::array<std::string_view, 6> kComparisons = {"=", "<>", "<", "<=", ">", ">="};

std::span<const std::string_view> comparisons_of(const ColumnShape& column) {
  switch (column.filters) {
    case Filters::none: return {};
    case Filters::equal: return kEquality;
    case Filters::ordered: return kComparisons;
  }
  return {};
}

struct Place {
  const ColumnShape* column = nullptr;
  std::size_t part = 0;
};

Place find(const TableShape& table, std::string_view name) {
  for (const ColumnShape& column : table.columns) {
    for (std::size_t part = 0; part < column.width; ++part) {
      if (name_of(column, part) == name) return {.column = &column, .part = part};
    }
  }
  return {};
}

std::string filterable_names(const TableShape& table) {
  std::vector<std::string_view> names;
  for (const ColumnShape& column : table.columns) {
    if (column.filters != Filters::none) names.push_back(column.names);
  }
  return base::join(names, ", ");
}

void replace(std::string& text, std::string_view place, std::string_view with) {
  const std::size_t at = text.find(place);
  if (at == std::string::npos) throw std::logic_error("a listing without " + std::string(place) + ": " + text);
  text.replace(at, place.size(), with);
}

}  // namespace

Listing::Listing(const TableShape& table, const PageOrder& order, std::initializer_list<Param> own)
    : table_(table), order_(order), bound_(own.size() + kFiltersMax, [&](Bound& bound) {
        for (const Param& param : own) bound.add(param);
      }) {}

void Listing::add(const std::string& condition) { base::append_part(conditions_, condition, " and "); }

bool Listing::take(const ColumnShape& column, std::size_t part, std::string_view value) {
  const std::size_t bound = bound_.params().size();
  if (impl::is_storable_text(value) && column.take && column.take(part, value, bound_)) return true;
  bound_.keep(bound);
  return false;
}

base::Result<void> Listing::filter(const Filter& filter) {
  using enum base::ErrorCode;
  if (++filters_ > kFiltersMax) {
    return base::fail(field_value, "more than " + std::to_string(kFiltersMax) + " filters", filter.column);
  }
  const Place place = find(table_, filter.column);
  if (!place.column || place.column->filters == Filters::none) {
    return base::fail(field_value, "can't be filtered by; these can: " + filterable_names(table_), filter.column);
  }
  const auto allowed = comparisons_of(*place.column);
  const auto comparison = std::ranges::find(allowed, filter.comparison);
  if (comparison == allowed.end()) {
    return base::fail(field_value, "is compared by one of: " + base::join(allowed, ", "), filter.column);
  }
  if (!take(*place.column, place.part, filter.value)) {
    return base::fail(field_value, "can't have this value", filter.column);
  }
  add(std::string(name_of(*place.column, place.part)) + " " + std::string(*comparison) + " $" +
      std::to_string(bound_.params().size()));
  return {};
}

base::Result<void> Listing::after(std::string_view cursor) {
  const auto parts = base::split(cursor, kCursorSeparator);
  const std::size_t bound = bound_.params().size();
  bool right = parts.size() == order_.columns.size();
  std::string values;
  for (std::size_t i = 0; right && i < parts.size(); ++i) {
    const Place place = find(table_, order_.columns[i]);
    if (!place.column) throw std::logic_error("ordered by what is no column: " + std::string(order_.columns[i]));
    right = take(*place.column, place.part, parts[i]);
    values += (values.empty() ? "$" : ", $") + std::to_string(bound_.params().size());
  }
  if (!right) {
    bound_.keep(bound);
    return base::fail(base::ErrorCode::field_format, "is no cursor of this listing", "cursor");
  }
  add("(" + base::join(order_.columns, ", ") + ")" + (order_.newest_first ? " < (" : " > (") + values + ")");
  return {};
}

Statement Listing::fill(const Statement& open) const {
  std::string order;
  for (const std::string_view column : order_.columns) {
    base::append_part(order, std::string(column) + (order_.newest_first ? " desc" : ""), ", ");
  }
  Statement filled = open;
  filled.is_kept = false;
  for (std::string* text : {&filled.sqlite, &filled.postgresql}) {
    if (text->empty()) continue;
    replace(*text, "{conditions}", conditions_.empty() ? "1 = 1" : conditions_);
    replace(*text, "{order}", order);
  }
  return filled;
}

}  // namespace acquit::db

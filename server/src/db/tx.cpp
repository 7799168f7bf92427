#include "db/tx.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace acquit::db {
namespace {

[[noreturn]] void wrong_type(std::size_t column, std::string_view wanted, const Cell& cell) {
  constexpr std::string_view kNames[] = {"null", "an integer", "text"};
  throw std::logic_error("column " + std::to_string(column) + " is " + std::string(kNames[cell.index()]) + ", not " +
                         std::string(wanted));
}

}  // namespace

bool Row::is_null(std::size_t column) const { return std::holds_alternative<std::monostate>(cells_.at(column)); }

std::int64_t Row::integer(std::size_t column) const {
  const Cell& cell = cells_.at(column);
  if (const auto* value = std::get_if<std::int64_t>(&cell)) return *value;
  wrong_type(column, "an integer", cell);
}

const std::string& Row::text(std::size_t column) const {
  const Cell& cell = cells_.at(column);
  if (const auto* value = std::get_if<std::string>(&cell)) return *value;
  wrong_type(column, "text", cell);
}

std::string Row::take_text(std::size_t column) {
  Cell& cell = cells_.at(column);
  if (auto* value = std::get_if<std::string>(&cell)) return std::move(*value);
  wrong_type(column, "text", cell);
}

std::optional<std::int64_t> Row::maybe_integer(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<std::string> Row::maybe_text(std::size_t column) const {
  return is_null(column) ? std::nullopt : std::optional(text(column));
}

base::Result<Rows> Asked::rows() {
  if (!place_) return std::move(rows_);
  if (!place_->rows && place_->wait) ACQUIT_CHECK(place_->wait());
  if (!place_->rows) throw std::logic_error("rows of a transaction that was not committed");
  return *std::exchange(place_->rows, std::nullopt);
}

base::Result<std::optional<Row>> Asked::first() {
  ACQUIT_TRY(Rows found, rows());
  if (found.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(found.front()));
}

void Tx::ring_at_end(base::Bell& bell) {
  if (std::ranges::find(bells_, &bell) == bells_.end()) bells_.push_back(&bell);
}

base::Result<std::optional<Row>> ReadTx::find(const Statement& statement, Params params) {
  ACQUIT_TRY(Rows rows, query(statement, params));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows.front()));
}

}  // namespace acquit::db

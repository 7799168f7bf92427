#include <string_view>

#include "base/hex.h"
#include "base/number.h"
#include "db/impl/pg_connection.h"

namespace acquit::db::impl {
namespace {

// Type numbers of pg_type.dat, which never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kOid = 26;
constexpr Oid kNumeric = 1700;

std::string bytes_of(std::string_view hex) {
  const auto bytes = hex.starts_with("\\x") ? base::from_hex(hex.substr(2)) : std::nullopt;
  if (!bytes) return std::string(hex);
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

Cell cell_of(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column) != 0) return std::monostate{};
  const std::string_view text(PQgetvalue(result, row, column),
                              static_cast<std::size_t>(PQgetlength(result, row, column)));
  switch (PQftype(result, column)) {
    case kBool: return std::int64_t{text == "t" ? 1 : 0};
    case kBytea: return bytes_of(text);
    case kInt8:
    case kInt2:
    case kInt4:
    case kOid:
    case kNumeric:  // sum() of a bigint is one; SQLite's is an integer.
      if (const auto value = base::parse_int<std::int64_t>(text)) return *value;
      return std::string(text);
    default: return std::string(text);
  }
}

base::ErrorCode code_of(std::string_view sqlstate) {
  using enum base::ErrorCode;
  if (sqlstate == "53100") return disk_full;
  if (sqlstate == "55P03" || sqlstate == "57014") return timed_out;
  if (sqlstate == "08P01") return internal;
  if (sqlstate.starts_with("40")) return serialisation_failure;
  if (sqlstate.starts_with("22") || sqlstate.starts_with("23")) return constraint_violated;
  for (const std::string_view family : {"08", "25006", "28", "3D", "53", "57P", "58", "F0", "XX"}) {
    if (sqlstate.starts_with(family)) return database_unavailable;
  }
  return sqlstate.empty() ? database_unavailable : internal;
}

std::string_view field_of(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text ? text : "";
}

}  // namespace

Row pg_row(const PGresult* result, int row) {
  const int columns = PQnfields(result);
  std::vector<Cell> cells;
  cells.reserve(static_cast<std::size_t>(columns));
  for (int column = 0; column < columns; ++column) cells.push_back(cell_of(result, row, column));
  return Row(std::move(cells));
}

Rows pg_rows(const PGresult* result) {
  Rows rows;
  const int count = PQntuples(result);
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) rows.push_back(pg_row(result, row));
  return rows;
}

std::int64_t pg_changed(PGresult* result) { return base::parse_int<std::int64_t>(PQcmdTuples(result)).value_or(0); }

PgFailure pg_failure(const PGresult* result) {
  const std::string sqlstate(field_of(result, PG_DIAG_SQLSTATE));
  const std::string_view severity = field_of(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  // The message of a data exception quotes the value, which is nobody's business.
  const std::string message = sqlstate.starts_with("22") ? "a value does not fit"
                              : sqlstate.empty()         ? "the connection was lost"
                                                         : std::string(field_of(result, PG_DIAG_MESSAGE_PRIMARY));
  return {.error = {.code = code_of(sqlstate),
                    .field = {},
                    .detail = "postgresql: " + message + (sqlstate.empty() ? "" : " (" + sqlstate + ")")},
          .sqlstate = sqlstate,
          .own = false,
          .serialisation = sqlstate.starts_with("40"),
          .lost = sqlstate.empty() || severity == "FATAL" || severity == "PANIC"};
}

}  // namespace acquit::db::impl

// Statements: SQL kept in files beside the store that uses it, compiled in, found by name.
//
// A file holds blocks headed `-- :name insert_payment`; a block for one engine only ends its line with `@sqlite` or
// `@postgresql`. Parameters are `$1`, `$2`… on both engines. Columns of described tables are named by placeholders
// (table_shape.h). Loading a name that is not there throws, and so does a placeholder that no table fills: it is a bug
// that every start would show. `{conditions}` and `{order}` stay open until a Listing fills them.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/embedded.h"
#include "db/table_shape.h"

namespace acquit::db {

enum class Engine : std::uint8_t { sqlite, postgresql };

/// One prepared statement; lives as long as the program (stores keep them as constants).
struct Statement {
  std::string name;        ///< Unique in the program: "<file stem>.<block name>".
  std::string sqlite;      ///< Text for SQLite; empty if the block exists for PostgreSQL only.
  std::string postgresql;  ///< Text for PostgreSQL.
  bool is_kept = true;     ///< Prepared once for each connection. Not what is made anew each time (listing.h).

  [[nodiscard]] const std::string& text(Engine engine) const { return engine == Engine::sqlite ? sqlite : postgresql; }
};

/// The block `name` ("payment.insert" = block insert of payment.sql), its placeholders filled from `tables`.
[[nodiscard]] Statement load_statement(std::span<const base::EmbeddedFile> files, std::string_view name,
                                       std::span<const TableShape> tables = {});
[[nodiscard]] inline Statement load_statement(std::span<const base::EmbeddedFile> files, std::string_view name,
                                              std::initializer_list<TableShape> tables) {
  return load_statement(files, name, std::span(tables.begin(), tables.size()));
}

}  // namespace acquit::db

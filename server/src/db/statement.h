// Statements: SQL kept in files beside the store that uses it, compiled in, found by name.
//
// A file holds blocks headed `-- :name insert_payment`; a block for one engine only ends its line with `@sqlite` or
// `@postgresql`. Parameters are `$1`, `$2`… on both engines. Loading a name that is not there throws: it is a bug that
// every start would show.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/embedded.h"

namespace acquit::db {

enum class Engine : std::uint8_t { sqlite, postgresql };

/// One prepared statement; lives as long as the program (stores keep them as constants).
struct Statement {
  std::string name;        ///< Unique in the program: "<file stem>.<block name>".
  std::string sqlite;      ///< Text for SQLite; empty if the block exists for PostgreSQL only.
  std::string postgresql;  ///< Text for PostgreSQL.

  [[nodiscard]] const std::string& text(Engine engine) const { return engine == Engine::sqlite ? sqlite : postgresql; }
};

/// The block `name` ("payment.insert" = block insert of payment.sql).
[[nodiscard]] Statement load_statement(std::span<const base::EmbeddedFile> files, std::string_view name);

}  // namespace acquit::db

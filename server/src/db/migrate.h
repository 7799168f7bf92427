// Migrations: numbered folders under migrations/, each with a text for both engines, notes and its own check.
//
// `migrations/0001-name/{sqlite.sql,pg.sql,notes.md,check_after.sql}`, compiled in; forward only, each in one
// transaction, recorded with a hash of its text in table schema_migrations. check_after.sql holds queries that must
// each return no row.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "db/database.h"

namespace acquit::db {

struct AppliedMigration {
  int number = 0;
  std::string name;
};

/// Brings the database at options.url up to date; returns what was applied now, in order. Two processes may call it at
/// once: one waits. Errors: configuration_invalid (a recorded migration is unknown or was changed: says which),
/// database_unavailable, constraint_violated (a check failed: says which); each says what was applied before it.
[[nodiscard]] base::Result<std::vector<AppliedMigration>> migrate(const Options& options, base::Time now);

/// `error`, which also says what had been applied before it came.
[[nodiscard]] std::unexpected<base::Error> after(const std::vector<AppliedMigration>& applied, base::Error error);

/// The number of migrations not yet applied; serve refuses to start unless it is zero.
[[nodiscard]] base::Result<int> pending_migrations(const Options& options);

}  // namespace acquit::db

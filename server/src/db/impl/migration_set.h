// MigrationSet: the migrations in a table of files, checked for holes, and their application to one database.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/embedded.h"
#include "db/migrate.h"

namespace acquit::db::impl {

struct Migration {
  int number = 0;
  std::string name;  ///< The folder without its number.
  std::string sqlite;
  std::string postgresql;
  std::vector<std::string> checks;

  [[nodiscard]] const std::string& text(Engine engine) const { return engine == Engine::sqlite ? sqlite : postgresql; }
  [[nodiscard]] std::string label() const;
};

/// In order, numbered from 1 without a hole. Errors: configuration_invalid (a file that is out of place or missing).
[[nodiscard]] base::Result<std::vector<Migration>> read_migrations(std::span<const base::EmbeddedFile> files);

/// migrate() and pending_migrations() with files of the caller's.
[[nodiscard]] base::Result<std::vector<AppliedMigration>> migrate(const Options& options, base::Time now,
                                                                  std::span<const base::EmbeddedFile> files);
[[nodiscard]] base::Result<int> pending_migrations(const Options& options, std::span<const base::EmbeddedFile> files);

}  // namespace acquit::db::impl

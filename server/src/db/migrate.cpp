#include "db/migrate.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/hex.h"
#include "db/impl/migration_set.h"
#include "db/impl/script_connection.h"

ACQUIT_EMBEDDED(migrations)

namespace acquit::db {
namespace impl {
namespace {

constexpr const char* kCreate =
    "create table if not exists schema_migrations ("
    "number bigint primary key, name text not null, hash text not null, applied_at bigint not null)";
constexpr const char* kRecorded = "select number, name, hash from schema_migrations order by number";
constexpr const char* kSqliteHasTable = "select 1 from sqlite_master where name = 'schema_migrations'";
constexpr const char* kPgHasTable = "select 1 where to_regclass('schema_migrations') is not null";

std::string hash_of(const std::string& text) { return base::to_hex(base::sha256(text)); }

/// How many of `migrations` the database has, after comparing each with what it was when it was applied.
base::Result<std::size_t> count_applied(ScriptConnection& connection, std::span<const Migration> migrations) {
  const bool sqlite = connection.engine() == Engine::sqlite;
  ACQUIT_TRY(const Rows table, connection.query(sqlite ? kSqliteHasTable : kPgHasTable));
  if (table.empty()) return std::size_t{0};
  ACQUIT_TRY(const Rows recorded, connection.query(kRecorded));
  for (std::size_t i = 0; i < recorded.size(); ++i) {
    const std::string label = fmt::format("{:04}-{}", recorded[i].integer(0), recorded[i].text(1));
    if (i >= migrations.size() || label != migrations[i].label()) {
      return base::fail(base::ErrorCode::configuration_invalid,
                        "the database has migration " + label +
                            ", which this program does not know; run the program that applied it, or a newer one");
    }
    if (recorded[i].text(2) != hash_of(migrations[i].text(connection.engine()))) {
      return base::fail(base::ErrorCode::configuration_invalid,
                        "migration " + label + " was changed after it was applied; restore its text");
    }
  }
  return recorded.size();
}

base::Result<void> check(ScriptConnection& connection, const Migration& migration) {
  for (const std::string& statement : migration.checks) {
    ACQUIT_TRY(const Rows rows, connection.query(statement));
    if (rows.empty()) continue;
    return base::fail(base::ErrorCode::constraint_violated,
                      fmt::format("migration {}: this check found {} rows where none may be: {}", migration.label(),
                                  rows.size(), base::trim(statement)));
  }
  return {};
}

base::Result<void> apply(ScriptConnection& connection, const Migration& migration, base::Time now) {
  const std::string& text = migration.text(connection.engine());
  ACQUIT_CHECK(connection.execute(text));
  ACQUIT_CHECK(check(connection, migration));
  // The name is a folder's in our own tree and the hash is hex: neither can hold a quote.
  return connection.execute(fmt::format("insert into schema_migrations values ({}, '{}', '{}', {})", migration.number,
                                        migration.name, hash_of(text), base::to_ms(now)));
}

/// Applies the first that is missing; nothing if none is. Inside a transaction.
base::Result<const Migration*> apply_next(ScriptConnection& connection, std::span<const Migration> migrations,
                                          base::Time now) {
  ACQUIT_CHECK(connection.execute(kCreate));
  ACQUIT_TRY(const std::size_t applied, count_applied(connection, migrations));
  if (applied == migrations.size()) return nullptr;
  const Migration& next = migrations[applied];
  if (auto done = apply(connection, next, now); !done) {
    done.error().detail = "migration " + next.label() + ": " + done.error().detail;
    return std::unexpected(std::move(done).error());
  }
  return &next;
}

/// The same in a transaction of its own. Should it fail, closing the connection rolls it back.
base::Result<const Migration*> commit_next(ScriptConnection& connection, std::span<const Migration> migrations,
                                           base::Time now) {
  ACQUIT_CHECK(connection.begin());
  ACQUIT_TRY(const Migration* const next, apply_next(connection, migrations, now));
  ACQUIT_CHECK(connection.execute("commit"));
  return next;
}

}  // namespace

base::Result<std::vector<AppliedMigration>> migrate(const Options& options, base::Time now,
                                                    std::span<const base::EmbeddedFile> files) {
  ACQUIT_TRY(const auto migrations, read_migrations(files));
  ACQUIT_TRY(const auto connection, ScriptConnection::open(options.url));
  ACQUIT_CHECK(connection->lock());
  std::vector<AppliedMigration> applied;
  while (true) {
    auto next = commit_next(*connection, migrations, now);
    if (!next) return after(applied, std::move(next).error());
    if (!*next) return applied;
    applied.push_back({.number = (*next)->number, .name = (*next)->name});
  }
}

base::Result<int> pending_migrations(const Options& options, std::span<const base::EmbeddedFile> files) {
  ACQUIT_TRY(const auto migrations, read_migrations(files));
  ACQUIT_TRY(const auto connection, ScriptConnection::open(options.url));
  ACQUIT_TRY(const std::size_t applied, count_applied(*connection, migrations));
  return static_cast<int>(migrations.size() - applied);
}

}  // namespace impl

std::unexpected<base::Error> after(const std::vector<AppliedMigration>& applied, base::Error error) {
  const auto label = [](const AppliedMigration& one) { return fmt::format("{:04}-{}", one.number, one.name); };
  if (!applied.empty()) error.detail += "; applied before that, and there to stay: " + label(applied.front());
  if (applied.size() > 1) error.detail += " to " + label(applied.back());
  return std::unexpected(std::move(error));
}

base::Result<std::vector<AppliedMigration>> migrate(const Options& options, base::Time now) {
  return impl::migrate(options, now, embedded::migrations());
}

base::Result<int> pending_migrations(const Options& options) {
  return impl::pending_migrations(options, embedded::migrations());
}

}  // namespace acquit::db

#include "db/impl/migration_set.h"

#include <fmt/format.h>

#include <map>

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::db::impl {
namespace {

std::unexpected<base::Error> misplaced(std::string_view path, std::string_view why) {
  return base::fail(base::ErrorCode::configuration_invalid, fmt::format("migrations/{}: {}", path, why));
}

/// True if something is left of `statement` once comments and blanks are gone.
bool says_something(std::string_view statement) {
  for (const std::string_view line : base::split(statement, '\n')) {
    const std::string_view text = base::trim(line);
    if (!text.empty() && !text.starts_with("--")) return true;
  }
  return false;
}

/// The statements of `text`; one ends at a semicolon that ends its line.
std::vector<std::string> split_statements(std::string_view text) {
  std::vector<std::string> statements;
  std::string current;
  const auto flush = [&] {
    if (says_something(current)) statements.push_back(current);
    current.clear();
  };
  for (const std::string_view line : base::split(text, '\n')) {
    std::string_view rest = line;
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '\r' || rest.back() == '\t')) rest.remove_suffix(1);
    const bool ends = rest.ends_with(';');
    current += ends ? rest.substr(0, rest.size() - 1) : rest;
    current += '\n';
    if (ends) flush();
  }
  flush();
  return statements;
}

struct Place {
  int number = 0;
  std::string_view name;
  std::string_view file;
};

base::Result<Place> place_of(std::string_view path) {
  const auto parts = base::split(path, '/');
  if (parts.size() != 2 || parts[0].size() < 6 || parts[0][4] != '-') {
    return misplaced(path, "not in a folder named like 0001-name");
  }
  const auto number = base::parse_int<int>(parts[0].substr(0, 4));
  if (!number) return misplaced(path, "its folder does not begin with four digits");
  return Place{.number = *number, .name = parts[0].substr(5), .file = parts[1]};
}

base::Result<void> add_file(Migration& migration, std::string_view path, std::string_view file,
                            std::string_view content) {
  if (file == "sqlite.sql") {
    migration.sqlite = content;
  } else if (file == "pg.sql") {
    migration.postgresql = content;
  } else if (file == "check_after.sql") {
    migration.checks = split_statements(content);
  } else if (file != "notes.md") {
    return misplaced(path, "not a file of a migration");
  }
  return {};
}

}  // namespace

std::string Migration::label() const { return fmt::format("{:04}-{}", number, name); }

base::Result<std::vector<Migration>> read_migrations(std::span<const base::EmbeddedFile> files) {
  std::map<int, Migration> found;
  for (const auto& file : files) {
    ACQUIT_TRY(const Place place, place_of(file.path));
    Migration& migration = found[place.number];
    if (!migration.name.empty() && migration.name != place.name) return misplaced(file.path, "its number is taken");
    migration.number = place.number;
    migration.name = place.name;
    ACQUIT_CHECK(add_file(migration, file.path, place.file, file.content));
  }
  std::vector<Migration> migrations;
  for (auto& [number, migration] : found) {
    if (number != static_cast<int>(migrations.size()) + 1) return misplaced(migration.label(), "a number is left out");
    if (!says_something(migration.sqlite)) return misplaced(migration.label(), "sqlite.sql is missing or empty");
    if (!says_something(migration.postgresql)) return misplaced(migration.label(), "pg.sql is missing or empty");
    migrations.push_back(std::move(migration));
  }
  return migrations;
}

}  // namespace acquit::db::impl

// A described table has the columns that its migrations gave it, on both engines.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "app/sql_of_all.h"
#include "base/task.h"
#include "db/testing/temporary_database.h"

namespace acquit::app {
namespace {

using Names = std::set<std::string>;

struct Columns {
  Names all;
  Names key;
};

Columns described(const db::TableShape& table) {
  Columns columns;
  for (const db::ColumnShape& column : table.columns) {
    for (std::size_t part = 0; part < column.width; ++part) {
      const std::string name(db::name_of(column, part));
      EXPECT_TRUE(columns.all.insert(name).second) << table.name << "." << name << " is described twice";
      if (column.role == db::Role::key) columns.key.insert(name);
    }
  }
  return columns;
}

// The column by which a table is divided into months is in its key for PostgreSQL's sake only.
const db::Statement kColumns{.name = "test.columns",
                             .sqlite = R"(
select name, pk > 0 from pragma_table_info($1))",
                             .postgresql = R"(
select cast(a.attname as text),
       exists (select 1 from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey))
       and not exists (select 1 from pg_partitioned_table p where p.partrelid = a.attrelid and a.attnum = any (p.partattrs))
from pg_attribute a
where a.attrelid = cast(cast($1 as text) as regclass) and a.attnum > 0 and not a.attisdropped)"};

class DescribedTables : public ::testing::TestWithParam<db::Engine> {};
INSTANTIATE_TEST_SUITE_P(Engines, DescribedTables, ::testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& about) { return db::testing::engine_name(about.param); });

TEST_P(DescribedTables, HaveTheColumnsOfTheMigratedOnes) {
  const auto place = db::testing::TemporaryDatabase::make_migrated(GetParam());
  if (!place) GTEST_SKIP() << "PostgreSQL is not installed here";
  base::InlineExecutor executor;
  const auto database = db::Database::open(place->options(), executor).value();
  for (const db::TableShape& table : described_tables()) {
    const auto rows = base::sync_wait(database->read([&](db::ReadTx& tx) { return tx.query(kColumns, {table.name}); }));
    ASSERT_TRUE(rows) << rows.error().detail;
    Columns migrated;
    for (const db::Row& row : *rows) {
      migrated.all.insert(row.text(0));
      if (row.boolean(1)) migrated.key.insert(row.text(0));
    }
    EXPECT_EQ(described(table).all, migrated.all) << table.name;
    EXPECT_EQ(described(table).key, migrated.key) << table.name;
  }
}

TEST(DescribedTablesList, IsWhole) {
  Names known;
  for (const db::TableShape& table : described_tables()) known.insert(std::string(table.name));
  Names named;
  static const std::regex kPlaceholder("\\{([a-z_]+)");
  for (const SqlFile& file : sql_files()) {
    for (std::sregex_iterator at(file.content.begin(), file.content.end(), kPlaceholder), end; at != end; ++at) {
      named.insert((*at)[1]);
    }
  }
  named.erase("conditions");
  named.erase("order");
  EXPECT_EQ(named, known);
}

}  // namespace
}  // namespace acquit::app

// What an engine asks for that spreads tables over several machines by shop: each key of a table that holds rows of
// shops contains the shop, and what refers to such a table refers within the shop.
#include <algorithm>
#include <map>
#include <set>

#include "base/list.h"
#include "db/database_fixture.h"
#include "db/impl/script_connection.h"

namespace acquit::db {
namespace {

// Tables that belong to no shop: small, and kept on every machine or on one.
const std::set<std::string> kOfNoShop{"companies",  "shop_groups",  "vault_keys",
                                      "job_leases", "node_numbers", "schema_migrations"};

struct Queries {
  std::string tables;    // Name; column shop_id, if there is one, and whether it may be null.
  std::string keys;      // Table, what it is, columns.
  std::string referers;  // Table, the one referred to, columns.
};

const Queries kSqlite{.tables = R"(
select m.name, coalesce((select case when c."notnull" = 1 or c.pk = 1 then 'kept' else 'nullable' end
                         from pragma_table_info(m.name) c where c.name = 'shop_id'), '')
from sqlite_schema m where m.type = 'table' and m.name not like 'sqlite_%')",
                      .keys = R"(
select m.name, case l.origin when 'pk' then 'primary' else l.name end,
       (select group_concat(i.name) from pragma_index_info(l.name) i)
from sqlite_schema m, pragma_index_list(m.name) l where m.type = 'table' and l."unique" = 1)",
                      .referers = R"(
select m.name, f."table", group_concat(f."from")
from sqlite_schema m, pragma_foreign_key_list(m.name) f where m.type = 'table' group by m.name, f.id, f."table")"};

const Queries kPostgresql{.tables = R"(
select t.relname, coalesce((select case when c.attnotnull then 'kept' else 'nullable' end from pg_attribute c
                            where c.attrelid = t.oid and c.attname = 'shop_id'), '')
from pg_class t where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition)",
                          .keys = R"(
select x.indrelid::regclass::text, case when x.indisprimary then 'primary' else x.indexrelid::regclass::text end,
       (select string_agg(c.attname, ',' order by k.n) from unnest(x.indkey) with ordinality k (number, n)
        join pg_attribute c on c.attrelid = x.indrelid and c.attnum = k.number)
from pg_index x join pg_class t on t.oid = x.indrelid
where x.indisunique and t.relnamespace = 'public'::regnamespace and not t.relispartition)",
                          .referers = R"(
select f.conrelid::regclass::text, f.confrelid::regclass::text,
       (select string_agg(c.attname, ',') from pg_attribute c where c.attrelid = f.conrelid and c.attnum = any (f.conkey))
from pg_constraint f where f.contype = 'f')"};

class ShopKeys : public ::testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    place_ = testing::TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    connection_ = impl::ScriptConnection::open(place_->url()).value();
    for (const Row& row : rows(queries().tables)) shop_column_[row.text(0)] = row.text(1);
  }
  static const Queries& queries() { return GetParam() == Engine::sqlite ? kSqlite : kPostgresql; }
  Rows rows(const std::string& query) { return connection_->query(query).value(); }
  bool of_shops(const std::string& table) { return !shop_column_.at(table).empty(); }
  static bool has_shop(std::string_view columns) {
    return std::ranges::any_of(base::split(columns, ','), [](auto column) { return column == "shop_id"; });
  }

  std::unique_ptr<testing::TemporaryDatabase> place_;
  std::unique_ptr<impl::ScriptConnection> connection_;
  std::map<std::string, std::string> shop_column_;
};
INSTANTIATE_TEST_SUITE_P(Engines, ShopKeys, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(ShopKeys, AreThereInEveryTableButThoseOfNoShop) {
  std::set<std::string> of_no_shop;
  for (const auto& [table, column] : shop_column_) {
    if (column.empty()) of_no_shop.insert(table);
    EXPECT_NE(column, "nullable") << table;
  }
  EXPECT_EQ(of_no_shop, kOfNoShop);
  EXPECT_GT(shop_column_.size(), 18U);
}

TEST_P(ShopKeys, ArePartOfEveryPrimaryAndUniqueKey) {
  int checked = 0;
  for (const Row& key : rows(queries().keys)) {
    if (!of_shops(key.text(0))) continue;
    const std::string& columns = key.text(2);
    EXPECT_TRUE(has_shop(columns)) << key.text(0) << " " << key.text(1) << ": " << columns;
    if (key.text(1) == "primary") EXPECT_TRUE(columns.starts_with("shop_id")) << key.text(0) << ": " << columns;
    ++checked;
  }
  EXPECT_GT(checked, 14);
}

TEST_P(ShopKeys, ArePartOfEveryReferenceToATableOfShops) {
  int checked = 0;
  for (const Row& reference : rows(queries().referers)) {
    if (!of_shops(reference.text(1))) continue;
    EXPECT_TRUE(has_shop(reference.text(2))) << reference.text(0) << " to " << reference.text(1);
    ++checked;
  }
  EXPECT_GT(checked, 3);
}

}  // namespace
}  // namespace acquit::db

#include "db/statement.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace acquit::db {
namespace {

constexpr base::EmbeddedFile kFiles[] = {
    {.path = "payment.sql",
     .content = "-- What a payment needs.\n"
                "-- :name insert\n"
                "insert into payments (shop, id)\nvalues ($1, $2);\n\n"
                "-- :name lock @sqlite\n"
                "select 1\n"
                "-- :name lock @postgresql\n"
                "-- A row lock.\nselect 1 for update;\n"
                "-- :name vacuum @sqlite\n"
                "vacuum"},
    {.path = "refund.sql", .content = "-- :name insert\ninsert into refunds values ($1)\n"},
    {.path = "bad.sql",
     .content = "-- :name twice\nselect 1\n-- :name twice\nselect 2\n"
                "-- :name empty\n\n-- :name engine @oracle\nselect 1\n"},
    {.path = "worse.sql", .content = "-- :name empty\n;\n"},
    {.path = "described.sql",
     .content = "-- :name find\nselect {orders} from orders where {orders.key}\n"
                "-- :name insert\ninsert into orders ({orders}) values ({orders.values})\n"
                "-- :name move\nupdate orders set {orders.changes after 1} where {orders.key after 1} and state = $1\n"
                "-- :name joined\nselect {orders as o}, {lines as l} from orders o join lines l on l.a = o.a\n"
                "-- :name unknown\nselect {baskets} from baskets\n"
                "-- :name odd\nselect {orders.sum} from orders\n"
                "-- :name behind\nselect {orders after 1} from orders\n"
                "-- :name open\nselect {orders from orders\n"}};

constexpr ColumnShape kOrderColumns[] = {{.names = "shop_id", .role = Role::key},
                                         {.names = "order_id", .role = Role::key},
                                         {.names = "amount, currency", .width = 2, .role = Role::changing},
                                         {.names = "made_at"},
                                         {.names = "state", .role = Role::changing}};
constexpr ColumnShape kLineColumns[] = {{.names = "a"}, {.names = "b"}};
constexpr TableShape kTables[] = {{.name = "orders", .columns = kOrderColumns},
                                  {.name = "lines", .columns = kLineColumns}};

TEST(Statement, IsFoundByFileAndBlock) {
  const Statement insert = load_statement(kFiles, "payment.insert");
  EXPECT_EQ(insert.name, "payment.insert");
  EXPECT_EQ(insert.sqlite, "insert into payments (shop, id)\nvalues ($1, $2)");
  EXPECT_EQ(insert.postgresql, insert.sqlite);
  EXPECT_EQ(load_statement(kFiles, "refund.insert").text(Engine::sqlite), "insert into refunds values ($1)");
}

TEST(Statement, HasATextForEachEngineWhereTheyDiffer) {
  const Statement lock = load_statement(kFiles, "payment.lock");
  EXPECT_EQ(lock.sqlite, "select 1");
  EXPECT_EQ(lock.postgresql, "-- A row lock.\nselect 1 for update");
  const Statement vacuum = load_statement(kFiles, "payment.vacuum");
  EXPECT_EQ(vacuum.sqlite, "vacuum");
  EXPECT_EQ(vacuum.postgresql, "");
}

TEST(Statement, NamesTheColumnsOfDescribedTables) {
  const auto text = [](std::string_view name) { return load_statement(kFiles, name, kTables).sqlite; };
  EXPECT_EQ(
      text("described.find"),
      "select shop_id, order_id, amount, currency, made_at, state from orders where shop_id = $1 and order_id = $2");
  EXPECT_EQ(text("described.insert"),
            "insert into orders (shop_id, order_id, amount, currency, made_at, state) values ($1, $2, $3, $4, $5, $6)");
  EXPECT_EQ(
      text("described.move"),
      "update orders set amount = $4, currency = $5, state = $6 where shop_id = $2 and order_id = $3 and state = $1");
  EXPECT_EQ(text("described.joined"),
            "select o.shop_id, o.order_id, o.amount, o.currency, o.made_at, o.state, l.a, l.b"
            " from orders o join lines l on l.a = o.a");
  EXPECT_EQ(load_statement(kFiles, "described.find", kTables).postgresql, text("described.find"));
}

TEST(Statement, ThrowsWhereAPlaceholderIsNotFilled) {
  EXPECT_THROW(static_cast<void>(load_statement(kFiles, "described.find")), std::logic_error);
  for (const char* name : {"described.unknown", "described.odd", "described.behind", "described.open"}) {
    EXPECT_THROW(static_cast<void>(load_statement(kFiles, name, kTables)), std::logic_error) << name;
  }
}

TEST(Statement, ThrowsWhereTheProgramIsWrong) {
  for (const char* name : {"payment.missing", "missing.insert", "payment", "bad.twice", "bad.engine", "worse.empty"}) {
    EXPECT_THROW(static_cast<void>(load_statement(kFiles, name)), std::logic_error) << name;
  }
}

}  // namespace
}  // namespace acquit::db

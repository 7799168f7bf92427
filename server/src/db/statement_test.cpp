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
    {.path = "worse.sql", .content = "-- :name empty\n;\n"}};

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

TEST(Statement, ThrowsWhereTheProgramIsWrong) {
  for (const char* name : {"payment.missing", "missing.insert", "payment", "bad.twice", "bad.engine", "worse.empty"}) {
    EXPECT_THROW(static_cast<void>(load_statement(kFiles, name)), std::logic_error) << name;
  }
}

}  // namespace
}  // namespace acquit::db

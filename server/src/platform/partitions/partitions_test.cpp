#include "platform/partitions/partitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <semaphore>

#include "db/migrate.h"
#include "db/testing/temporary_database.h"
#include "tests/support/must.h"

ACQUIT_EMBEDDED(sql_partitions_testing)

namespace acquit::platform {
namespace {

using base::sync_wait;
using testing::ElementsAre;
using namespace std::chrono_literals;

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_partitions_testing(), "testing." + std::string(name));
}
const db::Statement kNames = statement("names");
const db::Statement kPlaces = statement("places");
const db::Statement kAddOperation = statement("add_operation");
const db::Statement kAddPosting = statement("add_posting");
const db::Statement kAddDelivery = statement("add_delivery");
const db::Statement kDetach = statement("detach");
const db::Statement kWaiting = statement("waiting");

constexpr base::Time kDecember{std::chrono::sys_days{std::chrono::year{2026} / 12 / 1}};
constexpr base::Time kLastOfNovember = kDecember - 1ms;

using support::must;

// A server with a write of an operation under way, which ends when it is told to.
class Writer {
 public:
  explicit Writer(std::unique_ptr<db::Database> database) : database_(std::move(database)) {}
  void write(const std::string& id, base::Time at) {
    writing_ = db::testing::start(database_->write({}, [this, id, at](db::Tx& tx) -> base::Result<std::int64_t> {
      ACQUIT_TRY(const std::int64_t rows, tx.change(kAddOperation, {id, base::to_ms(at)}));
      wrote_.release();
      go_on_.acquire();
      return rows;
    }));
    wrote_.acquire();
  }
  base::Result<std::int64_t> commit() {
    go_on_.release();
    return writing_.get();
  }

 private:
  std::unique_ptr<db::Database> database_;
  std::binary_semaphore wrote_{0};
  std::binary_semaphore go_on_{0};
  std::future<base::Result<std::int64_t>> writing_;
};

class PartitionsTest : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = db::testing::TemporaryDatabase::make(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    must(db::migrate(place_->options(), kLastOfNovember));
    database_ = open();
  }
  std::unique_ptr<db::Database> open() { return must(db::Database::open(place_->options(), executor_)); }
  base::Result<int> make(base::Time now) { return sync_wait(make_partitions(*database_, now)); }
  /// A row of that moment in each of the three tables.
  void add(const std::string& id, base::Time at) {
    must(sync_wait(database_->write({}, [&](db::Tx& tx) -> base::Result<void> {
      for (const db::Statement* add : {&kAddOperation, &kAddPosting, &kAddDelivery})
        ACQUIT_CHECK(tx.run(*add, {id, base::to_ms(at)}));
      return {};
    })));
  }
  std::vector<std::string> lines(const db::Statement& statement) {
    const auto rows = must(sync_wait(database_->read([&](db::ReadTx& tx) { return tx.query(statement, {}); })));
    std::vector<std::string> out;
    out.reserve(rows.size());
    for (const db::Row& row : rows) out.push_back(row.text(0));
    return out;
  }

  base::InlineExecutor executor_;
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
};
using PartitionsOnSqlite = PartitionsTest;
INSTANTIATE_TEST_SUITE_P(Engines, PartitionsOnSqlite, testing::Values(db::Engine::sqlite),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });
class Partitions : public PartitionsTest {};
INSTANTIATE_TEST_SUITE_P(Engines, Partitions, testing::Values(db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(PartitionsOnSqlite, AreNotNeeded) {
  EXPECT_EQ(make(kDecember), 0);
  add("a", kDecember);
}

TEST_P(Partitions, AreMadeForThisMonthAndThreeMoreOnce) {
  EXPECT_EQ(make(kLastOfNovember), 12);
  EXPECT_THAT(lines(kNames),
              ElementsAre("deliveries_2026_11", "deliveries_2026_12", "deliveries_2027_01", "deliveries_2027_02",
                          "deliveries_default", "operations_2026_11", "operations_2026_12", "operations_2027_01",
                          "operations_2027_02", "operations_default", "postings_2026_11", "postings_2026_12",
                          "postings_2027_01", "postings_2027_02", "postings_default"));
  EXPECT_EQ(make(kLastOfNovember), 0);
  EXPECT_EQ(make(kDecember), 3);
}

TEST_P(Partitions, BeginAndEndAtMidnightUtcWhereverTheServerIs) {
  place_->execute(
      "do $$ begin execute format('alter database %I set timezone to ''Pacific/Pago_Pago''', current_database());"
      "end $$");
  database_ = open();
  ASSERT_EQ(make(kLastOfNovember), 12);
  add("before", kLastOfNovember);
  add("after", kDecember);
  EXPECT_THAT(lines(kPlaces),
              ElementsAre("deliveries_2026_11 before", "deliveries_2026_12 after", "operations_2026_11 before",
                          "operations_2026_12 after", "postings_2026_11 before", "postings_2026_12 after"));
}

TEST_P(Partitions, TakeOverTheRowsThatTheDefaultOneHeld) {
  add("old", kDecember - 24h * 366);
  add("nov", kLastOfNovember);
  add("dec", kDecember);
  EXPECT_THAT(lines(kPlaces), testing::Each(testing::HasSubstr("_default ")));
  ASSERT_EQ(make(kLastOfNovember), 12);
  EXPECT_THAT(lines(kPlaces), ElementsAre("deliveries_2026_11 nov", "deliveries_2026_12 dec", "deliveries_default old",
                                          "operations_2026_11 nov", "operations_2026_12 dec", "operations_default old",
                                          "postings_2026_11 nov", "postings_2026_12 dec", "postings_default old"));
}

TEST_P(Partitions, AreMadeOnceByTwoNodesAtOnce) {
  const auto other = open();
  std::vector<std::future<base::Result<int>>> calls;
  calls.reserve(8);
  for (int i = 0; i < 8; ++i) {
    calls.push_back(db::testing::start(make_partitions(i % 2 == 0 ? *database_ : *other, kLastOfNovember)));
  }
  int made = 0;
  for (auto& call : calls) made += must(call.get());
  EXPECT_EQ(made, 12);
}

TEST_P(Partitions, AreMadeWhileOthersWrite) {
  ASSERT_EQ(make(kLastOfNovember), 12);
  Writer writer(open());
  writer.write("a", kDecember);
  EXPECT_EQ(make(kDecember), 3);
  EXPECT_EQ(writer.commit(), 1);
}

TEST_P(Partitions, WaitForRowsThatAreOnTheirWayToTheDefaultOne) {
  Writer writer(open());
  writer.write("a", kDecember);
  auto making = db::testing::start(make_partitions(*database_, kDecember));
  while (lines(kWaiting).empty()) {
  }
  EXPECT_EQ(writer.commit(), 1);
  EXPECT_EQ(must(making.get()), 12);
  EXPECT_THAT(lines(kPlaces), ElementsAre("operations_2026_12 a"));
}

TEST_P(Partitions, AreNotAttachedAgainOnceDetached) {
  ASSERT_EQ(make(kLastOfNovember), 12);
  must(sync_wait(database_->write({}, [&](db::Tx& tx) { return tx.run(kDetach, {}); })));
  const auto made = make(kDecember);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().detail, testing::HasSubstr("\"operations_2026_12\" already exists"));
}

}  // namespace
}  // namespace acquit::platform

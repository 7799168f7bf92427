// How often a caller waits for the database: what a server 20 ms away costs. On SQLite, where nobody waits, the same
// calls give the same answers.
#include <algorithm>

#include "db/database_fixture.h"

namespace acquit::db {
namespace {

const Statement kRelabelOne = both("relabel_one", "update items set label = $2 where id = $1");
const Statement kInsertNew =
    both("insert_new", "insert into items (id, label) values ($1, $2) on conflict do nothing returning id");
const Statement kBadData{.name = "test.bad_data",
                         .sqlite = "select abs(-9223372036854775807 - id) from items",
                         .postgresql = "select 1 / (id - id) from items"};

class RoundTripsTest : public ::testing::TestWithParam<Engine>, public DatabaseFixture {
 protected:
  void SetUp() override {
    if (!open(GetParam(), [](Options& options) { options.readers = 1; })) {
      GTEST_SKIP() << "PostgreSQL is not installed here";
    }
    for (const std::int64_t id : {1, 2, 3}) ASSERT_TRUE(insert_into(database(), id));
  }
  template <class F>
  auto read(F work) {
    return base::sync_wait(database().read(std::move(work)));
  }
  /// How often `act` waits for PostgreSQL; on SQLite what is expected, since nothing there counts.
  std::uint64_t trips(std::uint64_t expected, const std::function<void()>& act) {
    const std::uint64_t before = database().counters().round_trips;
    act();
    return GetParam() == Engine::sqlite ? expected : database().counters().round_trips - before;
  }
  std::string label(std::int64_t id) {
    return read([id](ReadTx& tx) -> base::Result<std::string> {
             ACQUIT_TRY(const auto row, tx.find(kFind, {id}));
             return row->text(1);
           })
        .value();
  }
};

INSTANTIATE_TEST_SUITE_P(BothEngines, RoundTripsTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& engine) { return testing::engine_name(engine.param); });

TEST_P(RoundTripsTest, WhatIsAskedForTogetherMakesOne) {
  const auto three = [&] {
    return read([](ReadTx& tx) -> base::Result<std::string> {
             Asked first = tx.ask(kFind, {1});
             Asked second = tx.ask(kFind, {2});
             Asked nobody = tx.ask(kFind, {99});
             ACQUIT_TRY(const auto none, nobody.first());
             ACQUIT_TRY(const auto b, second.first());
             ACQUIT_TRY(const Rows a, first.rows());
             return std::to_string(a.at(0).integer(0)) + std::to_string(b->integer(0)) + (none ? "!" : "");
           })
        .value();
  };
  EXPECT_EQ(trips(1, [&] { EXPECT_EQ(three(), "12"); }), 1U);
}

TEST_P(RoundTripsTest, WhatIsAskedForAfterAnAnswerMakesAnother) {
  const auto two = [&] {
    return read([](ReadTx& tx) -> Count {
             ACQUIT_TRY(const auto row, tx.find(kFind, {1}));
             ACQUIT_TRY(const auto next, tx.ask(kFind, {row->integer(0) + 1}).first());
             return next->integer(0);
           })
        .value();
  };
  EXPECT_EQ(trips(2, [&] { EXPECT_EQ(two(), 2); }), 2U);
}

TEST_P(RoundTripsTest, AWorkThatWaitsForNothingMakesOneWithItsCommit) {
  const auto work = [](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kInsert, {10, "x"}));
    ACQUIT_TRY(const bool changed, tx.change_one(kRelabelOne, {1, "new"}));
    ACQUIT_CHECK(tx.run(kInsert, {11, "x"}));
    return changed ? 1 : 0;
  };
  EXPECT_EQ(trips(1, [&] { EXPECT_EQ(write(work).get(), 1); }), 1U);
  EXPECT_EQ(label(1), "new");
  EXPECT_EQ(count(), 5);
}

TEST_P(RoundTripsTest, ACommittedWorkHandsOutWhatItAskedFor) {
  const auto work = [](Tx& tx) -> base::Result<Asked> { return tx.ask(kInsertNew, {10, "new"}); };
  EXPECT_EQ(trips(1,
                  [&] {
                    Asked asked = base::sync_wait(database().write(kShop, work)).value();
                    EXPECT_EQ(asked.first().value()->integer(0), 10);
                  }),
            1U);
  Asked again = base::sync_wait(database().write(kShop, work)).value();
  EXPECT_FALSE(again.first().value());
}

TEST_P(RoundTripsTest, AChangeOfOneRowThatMissesUndoesItsWorkAndNoOther) {
  Gate gate;
  Done held = hold(gate);
  Done before = insert(20);
  Done missed = write([](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kInsert, {21, "x"}));
    ACQUIT_TRY(const bool changed, tx.change_one(kRelabelOne, {99, "new"}));
    if (!changed) return base::fail(base::ErrorCode::wrong_state);
    return 1;
  });
  Done after = insert(22);
  gate.open();
  EXPECT_EQ(held.get(), 0);
  EXPECT_EQ(before.get(), 20);
  EXPECT_EQ(code_of(missed.get()), base::ErrorCode::wrong_state);
  EXPECT_EQ(after.get(), 22);
  EXPECT_EQ(count(), 5);
}

TEST_P(RoundTripsTest, AWorkMayGoOnAfterAChangeThatMissed) {
  const Count written = write([](Tx& tx) -> Count {
                          ACQUIT_TRY(const bool changed, tx.change_one(kRelabelOne, {99, "new"}));
                          if (changed) return 0;
                          ACQUIT_CHECK(tx.run(kInsert, {30, "instead"}));
                          return 30;
                        }).get();
  EXPECT_EQ(written, 30);
  EXPECT_EQ(label(30), "instead");
}

TEST_P(RoundTripsTest, AReadThatLooksAtNothingItAskedForSpoilsNoOther) {
  for (int i = 0; i < 2; ++i) {
    const auto answer = read([](ReadTx& tx) -> Count {
      static_cast<void>(tx.ask(kBadData, {}));
      return 5;
    });
    EXPECT_EQ(answer, 5);
  }
  EXPECT_EQ(count(), 3);
}

}  // namespace
}  // namespace acquit::db

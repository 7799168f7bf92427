#include "db/database.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>

#include "db/database_fixture.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

class DatabaseTest : public ::testing::TestWithParam<Engine>, public DatabaseFixture {
 protected:
  void SetUp() override {
    if (!open(GetParam())) GTEST_SKIP() << "PostgreSQL is not installed here";
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, DatabaseTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

Count insert_then_fail(Tx& tx) {
  ACQUIT_CHECK(tx.run(kInsert, {2, "gone"}));
  return base::fail(ErrorCode::wrong_state, "no");
}

TEST_P(DatabaseTest, AFailingWorkIsRolledBackAlone) {
  Gate gate;
  hold(gate);
  Done first = insert(1);
  Done failing = write(insert_then_fail);
  Done last = insert(3);
  gate.open();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(code_of(failing.get()), ErrorCode::wrong_state);
  EXPECT_EQ(last.get(), 3);
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(database().counters().rolled_back, 1U);
}

TEST_P(DatabaseTest, AnswersOnlyAfterTheCommit) {
  Gate before;
  Gate within;
  hold(before);
  Done first = insert(1);
  Done second = write([&within](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.change(kInsert, {2, "x"}));
    within.hold();
    return 2;
  });
  before.open();
  within.wait_until_held();  // The first work has run by now, in the same batch.
  EXPECT_EQ(first.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  EXPECT_EQ(count(), 0);
  within.open();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(second.get(), 2);
}

TEST_P(DatabaseTest, WhatWasAnsweredIsSeenByTheNextRead) {
  for (std::int64_t i = 1; i <= 50; ++i) {
    ASSERT_EQ(insert(i).get(), i);
    ASSERT_EQ(count(), i);
  }
}

TEST_P(DatabaseTest, WorksOfOneKeyRunInTheOrderQueued) {
  std::vector<std::int64_t> order;  // Of the lane's thread until the last is answered.
  std::vector<Done> pending;
  for (std::int64_t i = 0; i < 500; ++i) {
    pending.push_back(write([&order, i](Tx& tx) -> Count {
      order.push_back(i);
      ACQUIT_CHECK(tx.run(kInsert, {i, "x"}));
      return i;
    }));
  }
  for (auto& done : pending) ASSERT_TRUE(done.get());
  ASSERT_EQ(order.size(), 500U);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_P(DatabaseTest, WorksThatArriveTogetherShareACommit) {
  Gate gate;
  hold(gate);
  std::vector<Done> pending;
  for (std::int64_t i = 0; i < 100; ++i) pending.push_back(insert(i));
  gate.open();
  for (auto& done : pending) ASSERT_TRUE(done.get());
  EXPECT_EQ(count(), 100);
  EXPECT_EQ(database().counters().commits, 3U);  // The gate's own, 64 and 36.
  EXPECT_EQ(database().counters().works, 101U);
}

TEST_P(DatabaseTest, AViolatedConstraintFailsOnlyItsWork) {
  Gate gate;
  hold(gate);
  Done first = insert(1);
  Done twin = insert(1);
  Done other = insert(2);
  Done seen = write([](Tx& tx) -> Count {
    ACQUIT_TRY(const Rows rows, tx.query(kCount, {}));
    return rows.at(0).integer(0);
  });
  Done twin_too = write([](Tx& tx) -> Count { return tx.change(kInsert, {2, "x"}); });
  Done last = insert(3);
  gate.open();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(code_of(twin.get()), ErrorCode::constraint_violated);
  EXPECT_EQ(other.get(), 2);
  EXPECT_EQ(seen.get(), 2);
  EXPECT_EQ(code_of(twin_too.get()), ErrorCode::constraint_violated);
  EXPECT_EQ(last.get(), 3);
  EXPECT_EQ(count(), 3);
}

TEST_P(DatabaseTest, ADeferredConstraintFailsOnlyItsWork) {
  Gate gate;
  hold(gate);
  Done first = insert(1);
  Done orphan = write([](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kInsertChild, {2, 99}));
    return 2;
  });
  Done child = write([](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kInsertChild, {3, 4}));
    ACQUIT_CHECK(tx.run(kInsert, {4, "parent, later"}));
    return 3;
  });
  gate.open();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(code_of(orphan.get()), ErrorCode::constraint_violated);
  EXPECT_EQ(child.get(), 3);
  EXPECT_EQ(count(), 3);
}

TEST_P(DatabaseTest, AWorkThatIgnoresAnErrorIsRolledBackAllTheSame) {
  const auto outcome = write([](Tx& tx) -> Count {
                         ACQUIT_CHECK(tx.change(kInsert, {1, "x"}));
                         EXPECT_FALSE(tx.change(kInsert, {1, "x"}));
                         EXPECT_FALSE(tx.query(kCount, {}));
                         return 1;
                       }).get();
  EXPECT_EQ(code_of(outcome), ErrorCode::constraint_violated);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(insert(1).get(), 1);
}

TEST_P(DatabaseTest, AThrowingWorkFailsAloneAndTheLaneGoesOn) {
  const auto outcome = write([](Tx& tx) -> Count {
                         ACQUIT_CHECK(tx.run(kInsert, {1, "x"}));
                         throw std::logic_error("a bug");
                       }).get();
  EXPECT_EQ(code_of(outcome), ErrorCode::internal);
  EXPECT_EQ(insert(1).get(), 1);
  const auto read = base::sync_wait(database().read([](ReadTx& tx) -> Count {
    ACQUIT_TRY(const Rows rows, tx.query(kFind, {1}));
    return rows.at(0).integer(1);  // It is text.
  }));
  EXPECT_EQ(code_of(read), ErrorCode::internal);
  EXPECT_EQ(count(), 1);
}

TEST_P(DatabaseTest, AStatementThatDoesNotFitTheSchemaFailsItsWorkOnly) {
  static const Statement kBroken = both("broken", "insert into nowhere values ($1)");
  Gate gate;
  hold(gate);
  Done first = insert(1);
  Done broken = write([](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kBroken, {1}));
    return 1;
  });
  Done last = insert(2);
  gate.open();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(code_of(broken.get()), ErrorCode::internal);
  EXPECT_EQ(last.get(), 2);
}

TEST_P(DatabaseTest, AWorkSeesItsOwnWritesAndCountsChanges) {
  const auto changed = write([](Tx& tx) -> Count {
                         for (int id = 1; id <= 5; ++id) ACQUIT_CHECK(tx.run(kInsert, {id, "old"}));
                         ACQUIT_TRY(const std::int64_t count, tx.change(kRelabel, {3, "new"}));
                         ACQUIT_TRY(const auto row, tx.find(kFind, {4}));
                         EXPECT_EQ(row->text(1), "new");
                         ACQUIT_TRY(const auto none, tx.find(kFind, {6}));
                         EXPECT_FALSE(none);
                         return count;
                       }).get();
  EXPECT_EQ(changed, 3);
}

TEST_P(DatabaseTest, AReadSeesOneSnapshotAndHindersNobody) {
  Gate gate;
  ASSERT_EQ(insert(1).get(), 1);
  auto reading = testing::start(database().read([&gate](ReadTx& tx) -> Count {
    ACQUIT_TRY(const Rows before, tx.query(kCount, {}));
    gate.hold();
    ACQUIT_TRY(const Rows after, tx.query(kCount, {}));
    return (before.at(0).integer(0) * 10) + after.at(0).integer(0);
  }));
  gate.wait_until_held();
  ASSERT_EQ(insert(2).get(), 2);
  gate.open();
  EXPECT_EQ(reading.get(), 11);
  EXPECT_EQ(count(), 2);
}

TEST_P(DatabaseTest, AReadCannotWrite) {
  const auto outcome = base::sync_wait(database().read([](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.query(kInsert, {1, "x"}));
    return 0;
  }));
  EXPECT_FALSE(outcome);
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseTest, ParametersComeBackAsTheyWent) {
  const std::string big(3'000'000, 'e');
  const std::string bytes("\0\x01\xff\\x'\"\0", 8);
  const std::string texts[] = {"", "é ü 漢字 🎟", "it's \"quoted\" \\ $1 %", "1234", big};
  const std::int64_t numbers[] = {0, -1, INT64_MIN, INT64_MAX, 9'007'199'254'740'993};
  for (const auto& text : texts) {
    for (const auto number : numbers) {
      const auto outcome = write([&](Tx& tx) -> Count {
                             static const Statement kAll =
                                 both("all", "insert into items (data, label, id) values ($3, $2, $1)");
                             ACQUIT_CHECK(tx.run(kAll, {number, text, Param::Bytes{bytes}}));
                             ACQUIT_TRY(const auto row, tx.find(kFind, {number}));
                             EXPECT_EQ(row->integer(0), number);
                             EXPECT_EQ(row->text(1), text);
                             EXPECT_EQ(row->text(2), bytes);
                             return base::fail(ErrorCode::cancelled);
                           }).get();
      ASSERT_EQ(code_of(outcome), ErrorCode::cancelled) << outcome.error().detail;
    }
  }
}

TEST_P(DatabaseTest, NullsEmptyBytesAndTruthComeBack) {
  static const Statement kTruth = both("truth",
                                       "select exists (select 1 from items where id = $1), sum(id), $2 = 'a'"
                                       " from items");
  ASSERT_TRUE(write([](Tx& tx) -> Count {
                ACQUIT_CHECK(tx.run(kInsert, {1, nullptr}));
                ACQUIT_CHECK(tx.run(kInsert, {2, std::optional<std::string>()}));
                ACQUIT_CHECK(tx.run(kInsertData, {3, Param::Bytes{}}));
                return 0;
              }).get());
  const auto outcome = base::sync_wait(database().read([](ReadTx& tx) -> Count {
    ACQUIT_TRY(const auto row, tx.find(kFind, {2}));
    EXPECT_TRUE(row->is_null(1));
    EXPECT_EQ(row->maybe_text(1), std::nullopt);
    EXPECT_EQ(row->maybe_integer(0), 2);
    ACQUIT_TRY(const auto empty, tx.find(kFind, {3}));
    EXPECT_EQ(empty->text(2), "");
    ACQUIT_TRY(const auto truth, tx.find(kTruth, {1, "b"}));
    EXPECT_TRUE(truth->boolean(0));
    EXPECT_EQ(truth->integer(1), 6);
    EXPECT_FALSE(truth->boolean(2));
    return 0;
  }));
  ASSERT_TRUE(outcome) << outcome.error().detail;
}

TEST_P(DatabaseTest, TextThatOneEngineCouldNotStoreIsRefusedByBoth) {
  const std::string_view texts[] = {std::string_view("a\0b", 3), "\xff", "longer than a word \xc3", "\xed\xa0\x80"};
  for (const auto text : texts) {
    Gate gate;
    hold(gate);
    Done before = insert(1);
    Done refused = write([text](Tx& tx) -> Count {
      ACQUIT_CHECK(tx.run(kInsert, {2, text}));
      return 0;
    });
    gate.open();
    EXPECT_EQ(code_of(refused.get()), ErrorCode::constraint_violated);
    EXPECT_EQ(count(), 1);
    EXPECT_TRUE(before.get());
    ASSERT_TRUE(write([](Tx& tx) -> Count {
                  static const Statement kClear = both("clear", "delete from items");
                  return tx.change(kClear, {});
                }).get());
  }
}

TEST_P(DatabaseTest, TwoErrorsInOneWorkStillFailOnlyThatWork) {
  Gate gate;
  hold(gate);
  Done first = insert(1);
  Done twice = write([](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.run(kInsert, {1, "x"}));
    ACQUIT_CHECK(tx.run(kInsert, {2, std::string_view("\0", 1)}));
    return 0;
  });
  gate.open();
  EXPECT_EQ(first.get(), 1);
  EXPECT_EQ(code_of(twice.get()), ErrorCode::constraint_violated);
}

TEST_P(DatabaseTest, WhatWasWrittenIsThereAfterReopening) {
  ASSERT_EQ(insert(1).get(), 1);
  reopen();
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(code_of(insert(1).get()), ErrorCode::constraint_violated);
}

class SmallQueueTest : public ::testing::TestWithParam<Engine>, public DatabaseFixture {};

INSTANTIATE_TEST_SUITE_P(Engines, SmallQueueTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(SmallQueueTest, AFullLaneRefusesAtOnce) {
  if (!open(GetParam(), [](Options& options) { options.queue_max = 4; }))
    GTEST_SKIP() << "PostgreSQL is not installed here";
  Gate gate;
  hold(gate);
  std::vector<Done> pending;
  for (std::int64_t i = 0; i < 4; ++i) pending.push_back(insert(i));
  EXPECT_EQ(code_of(insert(9).get()), ErrorCode::lane_full);
  EXPECT_EQ(database().counters().refused_full, 1U);
  gate.open();
  for (auto& done : pending) EXPECT_TRUE(done.get());
  EXPECT_EQ(insert(9).get(), 9);
}

// Opens a gate when the thread that it belongs to ends.
struct OpensAtTheEnd {
  ~OpensAtTheEnd() {
    if (gate != nullptr) gate->open();
  }
  Gate* gate = nullptr;
};

TEST_P(SmallQueueTest, ClosingAnswersThoseWhoWait) {
  if (!open(GetParam(), [](Options& options) { options.batch_max = 1; }))
    GTEST_SKIP() << "PostgreSQL is not installed here";
  Gate gate;
  Done held = hold(gate);
  std::vector<Done> pending;
  for (std::int64_t i = 0; i < 4; ++i) pending.push_back(insert(i));
  // A reading thread ends once all queues are closed: only then may the lane go on.
  base::sync_wait(database().read([&gate](ReadTx&) -> Count {
    thread_local OpensAtTheEnd at_the_end;
    at_the_end.gate = &gate;
    return 0;
  }));
  close();
  EXPECT_EQ(held.get(), 0) << "what was under way is finished";
  for (auto& done : pending) EXPECT_EQ(code_of(done.get()), ErrorCode::cancelled);
  reopen();
  EXPECT_EQ(count(), 0);
}

TEST_P(DatabaseTest, ManyThreadsLoseNothing) {
  constexpr std::int64_t kThreads = 8;
  constexpr std::int64_t kEach = 150;
  std::atomic<std::int64_t> good = 0;
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < kEach; ++i) {
        // Each second id is taken by the next thread too: one of the two must lose.
        const std::int64_t id = i % 2 == 0 ? (t * 1000) + i : ((t / 2) * 1000) + i;
        if (insert(id, LaneKey{static_cast<std::uint64_t>(t)}).get()) ++good;
        if (i % 10 == 0) ASSERT_TRUE(count());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, kThreads * kEach * 3 / 4);
  EXPECT_EQ(count(), good.load());
}

}  // namespace
}  // namespace acquit::db

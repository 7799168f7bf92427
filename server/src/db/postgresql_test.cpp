// What only PostgreSQL can do to us: connections that die, conflicts between lanes.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "db/database_fixture.h"
#include "db/impl/script_connection.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

const Statement kSlowInsert = both("slow_insert", "insert into slow values ($1)");
const Statement kCountSlow = both("count_slow", "select count(*) from slow");

class PostgresqlTest : public ::testing::Test, public DatabaseFixture {
 protected:
  void SetUp() override {
    if (!open(Engine::postgresql, [](Options& options) { options.readers = 1; })) {
      GTEST_SKIP() << "PostgreSQL is not installed here";
    }
    auto opened = impl::ScriptConnection::open(place().url());
    ASSERT_TRUE(opened) << opened.error().detail;
    other_ = *std::move(opened);
  }
  void other(const std::string& script) {
    const auto done = other_->execute(script);
    ASSERT_TRUE(done) << done.error().detail;
  }
  /// Waits until `query` returns a row: the state of a server process can only be asked for.
  void wait_for(const std::string& query) {
    for (int i = 0; i < 100'000; ++i) {
      const auto rows = other_->query(query);
      ASSERT_TRUE(rows) << rows.error().detail;
      if (!rows->empty()) return;
    }
    FAIL() << "never happened: " << query;
  }
  void kill_others() {
    other(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()");
  }
  /// A table whose rows are checked at the commit, by a trigger that waits while lock 5 is held.
  void make_slow_commit() {
    other(
        "create table slow (id bigint);"
        "create function wait_5() returns trigger language plpgsql as"
        " 'begin perform pg_advisory_xact_lock_shared(5); return null; end';"
        "create constraint trigger wait_5 after insert on slow deferrable initially deferred"
        " for each row execute function wait_5();"
        "select pg_advisory_lock(5)");
  }
  Done insert_slow() {
    return write([](Tx& tx) -> Count {
      ACQUIT_CHECK(tx.run(kSlowInsert, {1}));
      return 1;
    });
  }
  static constexpr const char* kCommitWaits =
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
      " and query = 'commit'";

  std::unique_ptr<impl::ScriptConnection> other_;
};

TEST_F(PostgresqlTest, AnswersOnlyWhenABlockedCommitIsThrough) {
  make_slow_commit();
  Done slow = insert_slow();
  wait_for(kCommitWaits);
  EXPECT_EQ(slow.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  other("select pg_advisory_unlock(5)");
  EXPECT_EQ(slow.get(), 1);
}

TEST_F(PostgresqlTest, AConnectionLostInTheCommitLeavesTheOutcomeUnknown) {
  make_slow_commit();
  Done slow = insert_slow();
  wait_for(kCommitWaits);
  kill_others();
  const Count outcome = slow.get();
  EXPECT_EQ(code_of(outcome), ErrorCode::outcome_unknown);
  EXPECT_NE(outcome.error().detail.find("perhaps"), std::string::npos);
  EXPECT_EQ(insert(1).get(), 1);
}

TEST_F(PostgresqlTest, AConnectionLostInAWorkFailsTheBatchAndTheLaneRecovers) {
  Gate gate;
  Gate within;
  Done held = hold(gate);
  Done first = insert(1);
  Done second = write([&within](Tx& tx) -> Count {
    ACQUIT_CHECK(tx.change(kInsert, {2, "x"}));
    within.hold();
    return tx.change(kInsert, {3, "x"});
  });
  gate.open();
  EXPECT_EQ(held.get(), 0);
  within.wait_until_held();
  kill_others();
  within.open();
  EXPECT_EQ(code_of(first.get()), ErrorCode::database_unavailable);
  EXPECT_EQ(code_of(second.get()), ErrorCode::database_unavailable);
  EXPECT_EQ(insert(4).get(), 4);
  EXPECT_EQ(count(), 1);
}

TEST_F(PostgresqlTest, AConnectionLostWhileIdleIsReplacedUnseen) {
  ASSERT_EQ(insert(1).get(), 1);
  ASSERT_EQ(count(), 1);
  kill_others();
  EXPECT_EQ(insert(2).get(), 2);
  EXPECT_EQ(count(), 2);
}

TEST_F(PostgresqlTest, AConnectionLostInAReadFailsThatReadOnly) {
  Gate gate;
  auto reading = testing::start(database().read([&gate](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.query(kCount, {}));
    gate.hold();
    ACQUIT_CHECK(tx.query(kCount, {}));
    return 1;
  }));
  gate.wait_until_held();
  kill_others();
  gate.open();
  EXPECT_EQ(code_of(reading.get()), ErrorCode::database_unavailable);
  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresqlTest, AFailedReadDoesNotSpoilTheNext) {
  static const Statement kDivide = both("divide", "select 1 / cast($1 as bigint)");
  const auto outcome = base::sync_wait(database().read([](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.query(kDivide, {0}));
    return 1;
  }));
  EXPECT_EQ(code_of(outcome), ErrorCode::constraint_violated);
  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresqlTest, ADeadlockIsRunAgainAndBothSucceed) {
  // Two keys on two lanes; found by looking, since the spreading is nobody's business.
  std::optional<LaneKey> another;
  Gate probe;
  Done held = hold(probe, LaneKey{1});
  for (std::uint64_t key = 2; !another && key < 100; ++key) {
    const Done done = write([](Tx&) -> Count { return 0; }, LaneKey{key});
    if (done.wait_for(std::chrono::milliseconds(200)) == std::future_status::ready) another = LaneKey{key};
  }
  probe.open();
  ASSERT_TRUE(held.get());
  ASSERT_TRUE(another);
  ASSERT_TRUE(insert(1).get());
  ASSERT_TRUE(insert(2).get());
  std::binary_semaphore first_has{0};
  std::binary_semaphore second_has{0};
  const auto update = [this](std::int64_t mine, std::int64_t theirs, std::binary_semaphore& i_have,
                             std::binary_semaphore& they_have, LaneKey key) {
    return write(
        [=, &i_have, &they_have, first = true](Tx& tx) mutable -> Count {
          static const Statement kUpdate = both("update_one", "update items set label = 'y' where id = $1");
          ACQUIT_CHECK(tx.change(kUpdate, {mine}));
          if (std::exchange(first, false)) {
            i_have.release();
            they_have.acquire();
          }
          return tx.change(kUpdate, {theirs});
        },
        key);
  };
  Done one = update(1, 2, first_has, second_has, LaneKey{1});
  Done two = update(2, 1, second_has, first_has, *another);
  for (Done* done : {&one, &two}) {
    const Count outcome = done->get();
    EXPECT_EQ(outcome, 1) << (outcome ? "" : outcome.error().detail);
  }
  EXPECT_GE(database().counters().retried_alone, 1U);
}

TEST_F(PostgresqlTest, AConflictThatNeverEndsIsGivenUp) {
  static const Statement kConflict =
      both("conflict", "do $$ begin raise exception 'again' using errcode = 'serialization_failure'; end $$");
  int runs = 0;
  const auto outcome = write([&runs](Tx& tx) -> Count {
                         ++runs;
                         ACQUIT_CHECK(tx.run(kConflict, {}));
                         return 0;
                       }).get();
  EXPECT_EQ(code_of(outcome), ErrorCode::serialisation_failure);
  EXPECT_GT(runs, 2);
  EXPECT_LT(runs, 10);
  EXPECT_EQ(insert(1).get(), 1);
}

TEST_F(PostgresqlTest, ASchemaChangeUnderAPreparedStatementHealsItself) {
  static const Statement kAll = both("all_columns", "select * from items");
  const Body select = [](Tx& tx) -> Count {
    ACQUIT_TRY(const Rows rows, tx.query(kAll, {}));
    return static_cast<std::int64_t>(rows.at(0).size());
  };
  ASSERT_EQ(insert(1).get(), 1);
  ASSERT_EQ(write(select).get(), 4);
  other("alter table items add column more text");
  EXPECT_EQ(code_of(write(select).get()), ErrorCode::database_unavailable);
  EXPECT_EQ(write(select).get(), 5);
}

TEST(PostgresqlServer, KeepsItsDataWhereItIsTold) {
  const auto place = std::filesystem::temp_directory_path() / ("acquit-place-" + std::to_string(getpid()));
  auto server = testing::PostgresServer::start(/*durable=*/false, place / "data");
  if (!server) GTEST_SKIP() << "PostgreSQL is not installed here";
  const auto logs = [&] {
    return std::ranges::count_if(std::filesystem::recursive_directory_iterator(place),
                                 [](const auto& entry) { return entry.path().filename() == "pg_wal"; });
  };
  EXPECT_EQ(logs(), 1);
  server.reset();
  EXPECT_EQ(logs(), 0) << "and takes them away";
  std::filesystem::remove_all(place);
}

TEST(PostgresqlServer, WhatWasAnsweredSurvivesItsCrash) {
  const auto server = testing::PostgresServer::start();
  if (!server) GTEST_SKIP() << "PostgreSQL is not installed here";
  const Options options{.url = server->fresh_database(), .lanes = 2};
  base::InlineExecutor executor;
  const auto script = impl::ScriptConnection::open(options.url);
  ASSERT_TRUE((*script)->execute("create table items (id bigint primary key, label text)"));
  const auto database = *Database::open(options, executor);
  std::atomic<bool> stop = false;
  std::vector<std::int64_t> answered;
  std::binary_semaphore enough{0};
  std::thread writing([&] {
    for (std::int64_t id = 0; !stop; ++id) {
      const auto outcome = insert_into(*database, id);
      if (!outcome) continue;
      answered.push_back(id);
      if (answered.size() == 50) enough.release();
    }
  });
  enough.acquire();
  server->crash_and_restart();
  stop = true;
  writing.join();
  Count again = insert_into(*database, -1);
  for (int i = 0; i < 1'000'000 && !again; ++i) again = insert_into(*database, -1);
  for (const std::int64_t id : answered) {
    const auto row = base::sync_wait(database->read([id](ReadTx& tx) -> base::Result<std::optional<Row>> {
      static const Statement kHas = both("has", "select id from items where id = $1");
      return tx.find(kHas, {id});
    }));
    ASSERT_TRUE(row) << row.error().detail;
    ASSERT_TRUE(*row) << id;
  }
}

TEST(PostgresqlServer, AnUnreachableServerIsAnErrorAtTheStart) {
  base::InlineExecutor executor;
  const auto opened = Database::open({.url = "postgresql:///none?host=/nonexistent"}, executor);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::database_unavailable);
  const auto wrong = Database::open({.url = "mysql://x"}, executor);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::configuration_invalid);
}

}  // namespace
}  // namespace acquit::db

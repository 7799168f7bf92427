// No wait without an end: in line, for a statement, for a server that hangs.
#include <gtest/gtest.h>

#include "db/database_fixture.h"
#include "db/impl/script_connection.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

using base::ErrorCode;

class TimeLimitTest : public ::testing::TestWithParam<Engine>, public DatabaseFixture {
 protected:
  void SetUp() override {
    const bool here = open(GetParam(), [](Options& options) {
      options.time_limit = base::Milliseconds{1'000};
      options.readers = 1;
    });
    if (!here) GTEST_SKIP() << "PostgreSQL is not installed here";
  }
};

INSTANTIATE_TEST_SUITE_P(Engines, TimeLimitTest, ::testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& about) { return testing::engine_name(about.param); });

TEST_P(TimeLimitTest, NobodyWaitsInLineForLongerThanTheLimit) {
  Gate gate;
  Done held = hold(gate);
  Done waiting = insert(1);
  EXPECT_EQ(code_of(waiting.get()), ErrorCode::database_unavailable);
  Gate reading;
  auto read = testing::start(database().read([&reading](ReadTx&) -> Count {
    reading.hold();
    return 0;
  }));
  reading.wait_until_held();
  EXPECT_EQ(code_of(count()), ErrorCode::database_unavailable);
  reading.open();
  EXPECT_EQ(read.get(), 0);
  gate.open();
  EXPECT_EQ(held.get(), 0);
  EXPECT_EQ(count(), 0) << "what was refused is not done later";
  EXPECT_EQ(insert(2).get(), 2);
}

TEST_P(TimeLimitTest, AStatementThatTakesTooLongIsEnded) {
  static const Statement kEndless =
      both("endless", "with recursive n (i) as (select 1 union all select i + 1 - 1 from n) select count(*) from n");
  const auto read = base::sync_wait(database().read([](ReadTx& tx) -> Count {
    ACQUIT_CHECK(tx.query(kEndless, {}));
    return 0;
  }));
  EXPECT_FALSE(read);
  const auto written = write([](Tx& tx) -> Count {
                         ACQUIT_CHECK(tx.query(kEndless, {}));
                         return 0;
                       }).get();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().family(), base::Family::retry_later) << written.error().detail;
  Count after = insert(1).get();
  for (int i = 0; i < 100'000 && !after; ++i) after = insert(1).get();  // Until the server has seen that it is over.
  EXPECT_EQ(after, 1);
}

/// A server of its own, whose stillness is nobody else's business.
class PostgresqlLimitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = testing::PostgresServer::start();
    if (!server_) GTEST_SKIP() << "PostgreSQL is not installed here";
    const Options options{
        .url = server_->fresh_database(), .lanes = 1, .readers = 1, .time_limit = base::Milliseconds{1'000}};
    script_ = impl::ScriptConnection::open(options.url).value();
    ASSERT_TRUE(script_->execute("create table items (id bigint primary key, label text, data bytea)"));
    database_ = Database::open(options, executor_).value();
  }
  void TearDown() override {
    if (server_) server_->thaw();
  }
  Count insert(std::int64_t id) { return insert_into(*database_, id); }
  Count count() {
    return base::sync_wait(database_->read([](ReadTx& tx) -> Count {
      ACQUIT_TRY(const Rows rows, tx.query(kCount, {}));
      return rows.at(0).integer(0);
    }));
  }
  std::int64_t sessions_at_commit() {
    const auto rows = script_->query("select count(*) from pg_stat_activity where wait_event = 'SyncRep'");
    return rows ? rows->at(0).integer(0) : -1;
  }

  base::InlineExecutor executor_;
  std::unique_ptr<testing::PostgresServer> server_;
  std::unique_ptr<impl::ScriptConnection> script_;
  std::unique_ptr<Database> database_;
};

TEST_F(PostgresqlLimitTest, AFrozenServerFailsWritesAndReadsInTimeAndIsUsedAgainOnceItThaws) {
  ASSERT_EQ(insert(1), 1);
  server_->freeze();
  // A write's statements travel with its commit, so the commit may have arrived.
  EXPECT_EQ(code_of(insert(2)), ErrorCode::outcome_unknown);
  EXPECT_EQ(code_of(insert(3)), ErrorCode::database_unavailable) << "no connection: surely not done";
  EXPECT_EQ(code_of(count()), ErrorCode::database_unavailable);
  server_->thaw();
  Count after = insert(4);
  for (int i = 0; i < 100'000 && !after; ++i) after = insert(4);
  EXPECT_EQ(after, 4) << after.error().detail;
  EXPECT_TRUE(count());
}

TEST_F(PostgresqlLimitTest, AStandbyThatIsGoneLeavesOneOutcomeUnknownAndRefusesTheRest) {
  ASSERT_TRUE(script_->execute("alter system set synchronous_standby_names = 'gone'"));
  ASSERT_TRUE(script_->execute("select pg_reload_conf()"));
  std::int64_t id = 0;
  Count outcome = insert(++id);
  while (outcome && id < 1'000'000) outcome = insert(++id);  // The server reads its configuration when it gets to it.
  EXPECT_EQ(code_of(outcome), ErrorCode::outcome_unknown) << outcome.error().detail;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(code_of(insert(++id)), ErrorCode::database_unavailable);
  EXPECT_EQ(sessions_at_commit(), 1) << "sessions that hang must not fill the server up";
  ASSERT_TRUE(script_->execute("alter system reset synchronous_standby_names"));
  ASSERT_TRUE(script_->execute("select pg_reload_conf()"));
  Count after = insert(++id);
  for (int i = 0; i < 1'000'000 && !after; ++i) after = insert(id);
  EXPECT_EQ(after, id);
}

}  // namespace
}  // namespace acquit::db

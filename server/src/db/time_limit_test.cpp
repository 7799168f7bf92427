// No wait without an end: in line, for a statement, for a server that hangs.
#include <gtest/gtest.h>

#include <optional>

#include "base/testing/eventually.h"
#include "db/database_fixture.h"
#include "db/impl/pg_lane.h"
#include "db/impl/script_connection.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

using base::ErrorCode;
using base::testing::eventually;

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
  EXPECT_TRUE(eventually([&] { return insert(1).get() == 1; })) << "until the server has seen that it is over";
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
  EXPECT_TRUE(eventually([&] { return insert(4) == 4; }));
  EXPECT_TRUE(count());
}

/// A write that one test hands to a lane itself.
class OneWork final : public impl::Work {
 public:
  explicit OneWork(base::Monotonic began) { since = began; }
  base::Result<void> run(Tx& tx) override { return tx.run(kInsert, {1, "x"}); }
  void finish(base::Result<void> with) override { outcome = std::move(with); }
  base::Result<void> outcome;
};

class OneLimitTest : public PostgresqlLimitTest {
 protected:
  static constexpr base::Milliseconds kLimit{6'000};
  void SetUp() override {
    PostgresqlLimitTest::SetUp();
    if (!server_) return;
    connector_.emplace(server_->url("postgres"), kLimit, counters_.round_trips);
    ASSERT_TRUE(impl::ScriptConnection::open(server_->url("postgres"))
                    .value()
                    ->execute("create table items (id bigint primary key, label text)"));
    lane_.emplace(impl::PgLink(*connector_, connector_->open().value()), counters_, kLimit);
  }
  /// How long a lane kept a caller who had waited for so long already, and what became of him.
  base::Milliseconds run(base::Milliseconds waited, ErrorCode outcome) {
    const base::Monotonic began = clock_.monotonic();
    OneWork work(began - waited);
    impl::Work* const works[] = {&work};
    lane_->run_batch(works);
    EXPECT_EQ(work.outcome ? ErrorCode::internal : work.outcome.error().code, outcome);
    return std::chrono::ceil<base::Milliseconds>(clock_.monotonic() - began);
  }

  base::OsClock clock_;
  impl::AtomicCounters counters_;
  std::optional<impl::PgConnector> connector_;
  std::optional<impl::PgLane> lane_;
};

// What busy machines add is less than the margin of each: without one limit for both, the whole of it would pass again.
TEST_F(OneLimitTest, CoversTheLineAndTheDatabaseTogether) {
  server_->freeze();
  EXPECT_LT(run(kLimit * 2 / 3, ErrorCode::outcome_unknown), kLimit * 2 / 3) << "a third of it was left";
  EXPECT_LT(run(kLimit * 2 / 3, ErrorCode::database_unavailable), kLimit * 2 / 3) << "to connect again, too";
}

TEST_F(OneLimitTest, BeginsNothingForACallerWhoseTimeIsOver) {
  const std::uint64_t asked = counters_.round_trips;
  run(kLimit, ErrorCode::database_unavailable);
  EXPECT_EQ(counters_.round_trips, asked);
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
  ++id;
  EXPECT_TRUE(eventually([&] { return insert(id) == id; }));
}

}  // namespace
}  // namespace acquit::db

// Reports read from a standby: a real one that streams from its primary.
#include <chrono>
#include <thread>

#include "db/database_fixture.h"
#include "db/impl/pg_connector.h"
#include "db/impl/script_connection.h"
#include "db/testing/postgres_server.h"

namespace acquit::db {
namespace {

using testing::PostgresServer;

const Statement kOnStandby{.name = "test.on_standby", .sqlite = {}, .postgresql = "select pg_is_in_recovery()"};
const Statement kEndOnStandby{.name = "test.end_on_standby",
                              .sqlite = {},
                              .postgresql = "select pg_terminate_backend(pg_backend_pid()) where pg_is_in_recovery()"};

class ReportsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    primary_ =
        PostgresServer::start();  // Durable: what is committed has been written, so the standby can be held to it.
    if (!primary_) GTEST_SKIP() << "PostgreSQL is not installed here";
    options_.url = primary_->fresh_database();
    run(options_.url, "create table items (id bigint primary key, label text, data bytea)");
    standby_ = primary_->start_standby();
    options_.report_url = standby_->url("test_1");
    database_ = Database::open(options_, executor_).value();
  }
  void TearDown() override {
    reports_.reset();
    database_.reset();
  }
  /// With a bound on the lag that only a standby keeps which has everything.
  void open(base::Milliseconds lag_max = base::Milliseconds{0}) {
    options_.report_lag_max = lag_max;
    reports_ = Database::reports(*database_, options_, executor_).value();
  }
  static void run(const std::string& url, const std::string& script) {
    const auto connection = impl::ScriptConnection::open(url).value();
    const auto done = connection->execute(script);
    if (!done) throw std::runtime_error(done.error().detail);
  }
  /// Which of the two answers, and what it shows.
  struct Answer {
    bool standby = false;
    std::int64_t rows = 0;
  };
  base::Result<Answer> ask() {
    return base::sync_wait(reports_->read([](ReadTx& tx) -> base::Result<Answer> {
      ACQUIT_TRY(const Rows where, tx.query(kOnStandby, {}));
      ACQUIT_TRY(const Rows rows, tx.query(kCount, {}));
      return Answer{.standby = where.at(0).boolean(0), .rows = rows.at(0).integer(0)};
    }));
  }
  /// The standby takes things over in its own time.
  bool standby_answers() {
    for (int i = 0; i < 10'000; ++i) {
      if (ask().value().standby) return true;
      std::this_thread::yield();
    }
    return false;
  }
  /// On the standby itself, whatever is read where. ScriptConnection would want a server to write on.
  void run_on_standby(const Statement& statement) const {
    std::atomic<std::uint64_t> round_trips = 0;
    impl::PgConnector connector(options_.report_url, options_.time_limit, round_trips, impl::PgRole::any);
    const auto connection = connector.open().value();
    connection->queue(statement);
    const auto done = connection->sync();
    ASSERT_TRUE(done) << done.error().error.detail;
  }

  base::InlineExecutor executor_;
  Options options_;
  std::unique_ptr<PostgresServer> primary_;
  std::unique_ptr<PostgresServer> standby_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Database> reports_;
};

TEST_F(ReportsTest, AreReadFromAStandbyThatHasEverythingHoweverLongNobodyWrote) {
  open();
  ASSERT_TRUE(standby_answers());
  EXPECT_GT(reports_->counters().standby_reads, 0U);
  EXPECT_EQ(database_->counters().standby_reads, 0U);
}

TEST_F(ReportsTest, AreReadFromThePrimaryWhileTheStandbyIsTooFarBehind) {
  // Asked to pause, it finishes what it is at first.
  const Statement pause{.name = "test.pause", .sqlite = {}, .postgresql = R"(
do $$ begin
  perform pg_wal_replay_pause();
  while pg_get_wal_replay_pause_state() <> 'paused' loop perform pg_sleep(0.005); end loop;
end $$)"};
  const Statement resume{.name = "test.resume", .sqlite = {}, .postgresql = "select pg_wal_replay_resume()"};
  open();
  ASSERT_TRUE(insert_into(*database_, 1));
  ASSERT_TRUE(standby_answers());
  run_on_standby(pause);
  ASSERT_TRUE(insert_into(*database_, 2));
  const Answer behind = ask().value();
  EXPECT_FALSE(behind.standby);
  EXPECT_EQ(behind.rows, 2);
  // Within a bound that is wide enough, the same standby will do.
  open(std::chrono::hours(1));
  const Answer old = ask().value();
  EXPECT_TRUE(old.standby);
  EXPECT_EQ(old.rows, 1);
  open();
  run_on_standby(resume);
  ASSERT_TRUE(standby_answers());
  EXPECT_EQ(ask().value().rows, 2);
}

TEST_F(ReportsTest, AreReadFromThePrimaryWhileTheStandbyIsAway) {
  ASSERT_TRUE(insert_into(*database_, 1));
  open();
  ASSERT_TRUE(standby_answers());
  standby_->crash();
  const Answer answer = ask().value();
  EXPECT_FALSE(answer.standby);
  EXPECT_EQ(answer.rows, 1);
}

TEST_F(ReportsTest, AreReadFromThePrimaryWithinTheTimeOfTheirCallersWhereTheStandbyHangs) {
  options_.time_limit = base::Milliseconds{8'000};
  open();
  ASSERT_TRUE(standby_answers());
  standby_->freeze();
  const base::OsClock clock;
  for (int i = 0; i < 2; ++i) {
    const base::Monotonic asked = clock.monotonic();
    const auto answer = ask();
    EXPECT_LT(clock.monotonic() - asked, options_.time_limit) << "the standby had a part of it only";
    EXPECT_TRUE(answer) << answer.error().detail;
    if (answer) EXPECT_FALSE(answer->standby);
  }
  standby_->thaw();
}

TEST_F(ReportsTest, AReadThatTheStandbyEndsRunsAgainOnThePrimary) {
  open();
  ASSERT_TRUE(standby_answers());
  int runs = 0;
  const auto answer = base::sync_wait(reports_->read([&](ReadTx& tx) -> base::Result<bool> {
    ++runs;
    ACQUIT_CHECK(tx.query(kEndOnStandby, {}));
    ACQUIT_TRY(const Rows where, tx.query(kOnStandby, {}));
    return where.at(0).boolean(0);
  }));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_FALSE(*answer);
  EXPECT_EQ(runs, 2);
}

TEST_F(ReportsTest, AreReadFromThePrimaryWhereTheOtherServerIsNoStandby) {
  options_.report_url = options_.url;
  open(std::chrono::hours(1));
  EXPECT_FALSE(ask().value().standby);
  EXPECT_EQ(reports_->counters().standby_reads, 0U);
}

TEST_F(ReportsTest, WriteOnThePrimary) {
  open();
  ASSERT_TRUE(insert_into(*reports_, 5));
  ASSERT_TRUE(standby_answers());
  EXPECT_EQ(ask().value().rows, 1);
}

TEST(Reports, NeedPostgresql) {
  const auto place = testing::TemporaryDatabase::make(Engine::sqlite);
  base::InlineExecutor executor;
  const auto database = Database::open(place->options(), executor).value();
  Options options = place->options();
  options.report_url = "postgresql://db/acquit";
  const auto reports = Database::reports(*database, options, executor);
  ASSERT_FALSE(reports);
  EXPECT_EQ(reports.error().field, "database.report_url");
}

}  // namespace
}  // namespace acquit::db

#include "platform/jobs/jobs.h"

#include <gtest/gtest.h>

#include <memory>

#include "base/manual_clock.h"
#include "base/testing/stepped_executor.h"
#include "db/testing/temporary_database.h"

namespace acquit::platform {
namespace {

using std::chrono::seconds;

// One server: its own executor, so that a test can let it stand still as a crashed one does.
struct Server {
  Server(const db::Options& options, const base::Clock& clock, base::Random& random)
      : database(db::Database::open(options, executor).value()), jobs(*database, executor, clock, random) {}
  ~Server() { end(); }
  void start() {
    jobs.start("captures", base::Milliseconds{10}, [this] { return run(); });
    executor.run_until_asleep(1);
  }
  base::Task<base::Result<void>> run() {
    ++runs;
    if (fails) co_return base::fail(base::ErrorCode::internal, "broken");
    co_return base::Result<void>{};
  }
  void go_round() {
    executor.wake();
    executor.run_until_asleep(1);
  }

  void end() {
    jobs.stop();
    executor.run_until([this] { return jobs.running() == 0; });
  }

  base::testing::SteppedExecutor executor;
  std::unique_ptr<db::Database> database;
  Jobs jobs;
  int runs = 0;
  bool fails = false;
};

class JobsTest : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = db::testing::TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    one_ = std::make_unique<Server>(place_->options(), clock_, random_);
    two_ = std::make_unique<Server>(place_->options(), clock_, random_);
  }

  base::ManualClock clock_;
  base::SeededRandom random_{9};
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<Server> one_;
  std::unique_ptr<Server> two_;
};
INSTANTIATE_TEST_SUITE_P(BothEngines, JobsTest, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(JobsTest, RunOnOneServerAtATime) {
  one_->start();
  two_->start();
  for (int i = 0; i < 5; ++i) {
    one_->go_round();
    two_->go_round();
    clock_.advance(seconds(10));
  }
  EXPECT_EQ(one_->runs, 6);
  EXPECT_EQ(two_->runs, 0);
}

TEST_P(JobsTest, AreTakenOverWhenTheLeaseOfACrashedServerEnds) {
  one_->start();
  two_->start();
  clock_.advance(seconds(30) - base::Milliseconds(1));
  two_->go_round();
  EXPECT_EQ(two_->runs, 0) << "leased";
  clock_.advance(seconds(10));
  two_->go_round();
  EXPECT_EQ(two_->runs, 1);
  one_->go_round();
  EXPECT_EQ(one_->runs, 1) << "it was not dead, but its lease is gone";
}

TEST_P(JobsTest, AreTakenOverFromAClockThatRanAhead) {
  const base::Time now = clock_.now();
  clock_.set(now + std::chrono::hours(2));
  one_->start();
  clock_.set(now);
  two_->start();
  EXPECT_EQ(two_->runs, 1) << "no lease is two hours long";
}

TEST_P(JobsTest, GoOnAfterAFailure) {
  one_->fails = true;
  one_->start();
  one_->go_round();
  EXPECT_EQ(one_->runs, 2);
}

TEST_P(JobsTest, EndWhenStopped) {
  one_->start();
  EXPECT_EQ(one_->jobs.running(), 1);
  one_->end();
  EXPECT_EQ(one_->jobs.running(), 0);
  EXPECT_EQ(one_->runs, 1);
}

}  // namespace
}  // namespace acquit::platform

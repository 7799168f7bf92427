#include "base/periodic.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/logged.h"
#include "base/testing/stepped_executor.h"

namespace acquit::base {
namespace {

constexpr Milliseconds kDay{24 * 3'600'000};

class PeriodicTest : public ::testing::Test {
 protected:
  ~PeriodicTest() override { end(); }
  void start(Periodic::First first) {
    periodic_.start("sweeping", kDay, [this] { return run(); }, first);
    executor_.run_until_asleep(1);
  }
  Task<Result<void>> run() {
    ++runs_;
    if (fails_) co_return fail(ErrorCode::internal, "broken");
    co_return Result<void>{};
  }
  void go_round() {
    executor_.wake();
    executor_.run_until_asleep(1);
  }
  void end() {
    periodic_.stop();
    executor_.run_until([this] { return periodic_.running() == 0; });
  }

  testing::SteppedExecutor executor_;
  Periodic periodic_{executor_};
  int runs_ = 0;
  bool fails_ = false;
};

TEST_F(PeriodicTest, BeginsAtOnceWhereToldTo) {
  start(Periodic::First::at_once);
  EXPECT_EQ(runs_, 1);
}

TEST_F(PeriodicTest, WaitsForItsFirstInterval) {
  start(Periodic::First::after_interval);
  EXPECT_EQ(runs_, 0);
  go_round();
  EXPECT_EQ(runs_, 1);
}

TEST_F(PeriodicTest, ComesRoundAgainAfterAFailureThatItLogs) {
  fails_ = true;
  const std::string told = testing::logged([this] { start(Periodic::First::at_once); });
  EXPECT_TRUE(told.contains("sweeping")) << told;
  go_round();
  EXPECT_EQ(runs_, 2);
}

// The executor wakes nobody by the clock here: what ends does so by the stop.
TEST_F(PeriodicTest, EndsItsWaitAtTheStopAndDoesNotWorkAgain) {
  start(Periodic::First::at_once);
  end();
  EXPECT_EQ(periodic_.running(), 0);
  EXPECT_EQ(runs_, 1);
}

TEST_F(PeriodicTest, NothingBeginsAfterTheStop) {
  periodic_.stop();
  periodic_.start("sweeping", kDay, [this] { return run(); }, Periodic::First::at_once);
  executor_.run_until([this] { return periodic_.running() == 0; });
  EXPECT_EQ(runs_, 0);
}

}  // namespace
}  // namespace acquit::base

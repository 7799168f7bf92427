#include "base/log_budget.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"

namespace acquit::base {
namespace {

TEST(LogBudget, LetsSoManyLinesThroughInAMinuteAndCountsTheOthers) {
  const ManualClock clock;
  const Monotonic start = clock.monotonic();
  LogBudget budget;
  for (int i = 0; i < LogBudget::kLines; ++i) EXPECT_EQ(budget.take(start), 0u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(budget.take(start + std::chrono::seconds(59)), std::nullopt);
  EXPECT_EQ(budget.take(start + std::chrono::seconds(60)), 1000u);
  EXPECT_EQ(budget.take(start + std::chrono::seconds(60)), 0u);
}

}  // namespace
}  // namespace acquit::base

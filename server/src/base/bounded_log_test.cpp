#include "base/bounded_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/manual_clock.h"
#include "base/testing/logged.h"

namespace acquit::base {
namespace {

using testing::logged;

TEST(BoundedLog, WritesSoManyLinesOfEachEventInAMinuteAndSaysHowManyItLeftOut) {
  ManualClock clock;
  const BoundedLog log(clock);
  const Error error{.code = ErrorCode::field_format, .field = {}, .detail = {}};
  const std::string first = logged([&] {
    for (int i = 0; i < 1000; ++i) {
      log.info("seen", {{"number", i}});
      log.failed("failed_at", error, {{"number", i}});
    }
  });
  EXPECT_EQ(std::ranges::count(first, '\n'), 2 * LogBudget::kLines) << "an event takes nothing from another one";
  EXPECT_EQ(first.find("left_out"), std::string::npos);
  clock.advance(LogBudget::kPeriod);
  const std::string next = logged([&] {
    log.warning("seen");
    log.failed("failed_at", error);
    log.error("seen");
  });
  EXPECT_EQ(std::ranges::count(next, '\n'), 5);
  EXPECT_NE(next.find("warning lines_left_out event=seen count=980\n"), std::string::npos) << next;
  EXPECT_NE(next.find("warning lines_left_out event=failed_at count=980\n"), std::string::npos) << next;
  EXPECT_TRUE(next.ends_with("error seen\n")) << next;
}

}  // namespace
}  // namespace acquit::base

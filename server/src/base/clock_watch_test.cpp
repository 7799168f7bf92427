#include "base/clock_watch.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"

namespace acquit::base {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(ClockWatch, SaysByHowMuchTheWallClockWasSet) {
  ManualClock clock;
  ClockWatch watch(clock);
  clock.advance(hours(1));
  EXPECT_FALSE(watch.jumped()) << "time that passed is no jump";
  clock.set(clock.now() + hours(2));
  EXPECT_EQ(watch.jumped(), hours(2));
  EXPECT_FALSE(watch.jumped()) << "told once";
  clock.advance(seconds(5));
  clock.set(clock.now() - hours(2));
  EXPECT_EQ(watch.jumped(), -hours(2));
  clock.set(clock.now() + Milliseconds(999));
  EXPECT_FALSE(watch.jumped()) << "kept right, not set";
}

}  // namespace
}  // namespace acquit::base

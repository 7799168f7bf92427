#include "payments/checkout/crowds.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"

namespace acquit::payments {
namespace {

using base::Milliseconds;
using std::chrono::minutes;

constexpr Milliseconds kNow{0};

class CrowdsTest : public ::testing::Test {
 protected:
  static Crowd crowd(std::int64_t shop = 1, std::string range = "497010") {
    return {.shop = base::ShopId(shop), .mode = merchants::Mode::production, .range = std::move(range)};
  }
  void refuse(const Crowd& crowd, int times, Milliseconds ago = kNow) {
    for (int i = 0; i < times; ++i) crowds_.refused(crowd, ago);
  }
  void accept(const Crowd& crowd, int times) {
    for (int i = 0; i < times; ++i) crowds_.accepted(crowd);
  }

  static constexpr CrowdLimits kLimits{.per_shop = 200, .per_range = 8, .window = minutes{60}, .crowds_max = 4};
  base::ManualClock clock_;
  Crowds crowds_{clock_, kLimits};
};

TEST_F(CrowdsTest, AreCrowdedByMoreRefusalsThanAcceptances) {
  accept(crowd(), 8);
  refuse(crowd(), 8);
  EXPECT_FALSE(crowds_.crowded(crowd()));
  refuse(crowd(), 1);
  EXPECT_TRUE(crowds_.crowded(crowd()));
  EXPECT_FALSE(crowds_.crowded(crowd(2)));
  EXPECT_FALSE(crowds_.crowded(crowd(1, ""))) << "a shop bears more";
  accept(crowd(), 1);
  EXPECT_FALSE(crowds_.crowded(crowd()));
}

TEST_F(CrowdsTest, BearAFewRefusalsWhereNothingIsSold) {
  refuse(crowd(), 7);
  EXPECT_FALSE(crowds_.crowded(crowd()));
  refuse(crowd(), 1);
  EXPECT_TRUE(crowds_.crowded(crowd()));
}

// Five hours of ten sales and a refusal a minute, whatever came first.
TEST_F(CrowdsTest, AreNoneAtAnyMinuteOfABusyDay) {
  for (int minute = 0; minute < 300; ++minute) {
    accept(crowd(), minute % 20 == 0 ? 0 : 10);
    ASSERT_FALSE(crowds_.crowded(crowd())) << minute;
    refuse(crowd(), 1);
    ASSERT_FALSE(crowds_.crowded(crowd())) << minute;
    clock_.advance(minutes(1));
  }
}

TEST_F(CrowdsTest, AreOverAnHourAfterTheLastRefusals) {
  refuse(crowd(), 5);
  clock_.advance(minutes(30));
  refuse(crowd(), 5);
  clock_.advance(minutes(25));
  EXPECT_TRUE(crowds_.crowded(crowd()));
  clock_.advance(minutes(5));
  EXPECT_FALSE(crowds_.crowded(crowd())) << "five are left";
  refuse(crowd(), 3);
  EXPECT_TRUE(crowds_.crowded(crowd()));
  refuse(crowd(2), 8, minutes(54));
  EXPECT_TRUE(crowds_.crowded(crowd(2)));
  refuse(crowd(2), 8, minutes(60));
  clock_.advance(minutes(5));
  EXPECT_FALSE(crowds_.crowded(crowd(2)));
}

TEST_F(CrowdsTest, TellEachAcceptanceOnce) {
  refuse(crowd(), 1);
  accept(crowd(), 5);
  EXPECT_TRUE(crowds_.take_untold().empty());
  refuse(crowd(), 1);
  const auto told = crowds_.take_untold();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.front().times, 5);
  EXPECT_EQ(told.front().crowd, crowd());
  EXPECT_TRUE(crowds_.take_untold().empty());
  crowds_.give_back(told.front());
  const auto again = crowds_.take_untold();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again.front().times, 5);
  crowds_.count(again.front());
  EXPECT_TRUE(crowds_.take_untold().empty()) << "what others accepted is theirs to tell";
}

TEST_F(CrowdsTest, TellAcceptancesWithTheirAgeSoThatTheyAreForgottenInTime) {
  accept(crowd(), 9);
  clock_.advance(minutes(40));
  accept(crowd(), 1);
  refuse(crowd(), 8);
  Crowds other(clock_, kLimits);
  for (const Acceptances& acceptances : crowds_.take_untold()) other.count(acceptances);
  for (int i = 0; i < 9; ++i) other.refused(crowd(), kNow);
  EXPECT_FALSE(other.crowded(crowd()));
  clock_.advance(minutes(20));
  EXPECT_TRUE(other.crowded(crowd()));
}

TEST_F(CrowdsTest, ForgetTheOneThatWasQuietForLongest) {
  refuse(crowd(1), 8);
  refuse(crowd(2), 8);
  clock_.advance(minutes(1));
  refuse(crowd(1), 1);
  for (std::int64_t shop = 3; shop <= 5; ++shop) refuse(crowd(shop), 1);
  EXPECT_TRUE(crowds_.crowded(crowd(1)));
  EXPECT_FALSE(crowds_.crowded(crowd(2)));
}

TEST_F(CrowdsTest, CountWhatIsOlderThanTheMachine) {
  const base::ManualClock booted(base::time_from_ms(1'700'000'000'000));
  Crowds crowds(booted, kLimits);
  for (int i = 0; i < 8; ++i) crowds.refused(crowd(), minutes(54));
  EXPECT_TRUE(crowds.crowded(crowd()));
}

}  // namespace
}  // namespace acquit::payments

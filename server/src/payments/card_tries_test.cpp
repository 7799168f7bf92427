#include "payments/card_tries.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/manual_clock.h"

namespace acquit::payments {
namespace {

constexpr CardTryLimits kLimits{.per_card = 3, .per_address = 5, .window = std::chrono::minutes{60}, .subjects_max = 8};

std::string field_of(const base::Result<void>& counted) { return counted ? "" : counted.error().field; }

TEST(CardTries, AllowsACardSoOftenAnHour) {
  base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(tries.count("card", "")) << i;
  const auto refused = tries.count("card", "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::rate_limited);
  EXPECT_EQ(refused.error().field, "card_number");
  EXPECT_TRUE(tries.count("other card", ""));
  clock.advance(std::chrono::minutes(60) - base::Milliseconds(1));
  EXPECT_FALSE(tries.count("card", ""));
  clock.advance(base::Milliseconds(1));
  EXPECT_TRUE(tries.count("card", ""));
}

TEST(CardTries, AllowsAnAddressSoManyCards) {
  const base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(tries.count("card " + std::to_string(i), "192.0.2.1")) << i;
  EXPECT_EQ(field_of(tries.count("one more", "192.0.2.1")), "address");
  EXPECT_EQ(field_of(tries.count("one more", "192.0.2.2")), "");
}

TEST(CardTries, IsNotFooledByAWallClockThatJumps) {
  base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 3; ++i) static_cast<void>(tries.count("card", ""));
  clock.set(clock.now() + std::chrono::hours(48));
  EXPECT_FALSE(tries.count("card", ""));
}

TEST(CardTries, KeepsWhatIsRecentAndForgetsTheOld) {
  base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 7; ++i) static_cast<void>(tries.count("old " + std::to_string(i), ""));
  clock.advance(std::chrono::minutes(59));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(tries.count("recent", ""));
  clock.advance(std::chrono::minutes(1));
  EXPECT_TRUE(tries.count("new", "")) << "makes room by dropping the old";
  EXPECT_FALSE(tries.count("recent", "")) << "which is not forgotten";
}

TEST(CardTries, ForgetsOnlyTheFirstWhenTooManyAreRecent) {
  base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 3; ++i) static_cast<void>(tries.count("first", ""));
  clock.advance(std::chrono::minutes(1));
  for (int i = 0; i < 3; ++i) static_cast<void>(tries.count("second", ""));
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(tries.count("flood " + std::to_string(i), ""));
  EXPECT_FALSE(tries.count("second", "")) << "one too many: one was forgotten, not all";
  EXPECT_TRUE(tries.count("first", "")) << "and that was the first";
}

TEST(CardTries, CountsNoCardOfAnAddressThatIsOverItsLimit) {
  const base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 5; ++i) static_cast<void>(tries.count("card " + std::to_string(i), "192.0.2.1"));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(field_of(tries.count("flood " + std::to_string(i), "192.0.2.1")), "address");
    EXPECT_EQ(field_of(tries.count("somebody's", "192.0.2.1")), "address");
  }
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(tries.count("somebody's", "192.0.2.2")) << i;
}

TEST(CardTries, KeepsAnAddressOutHoweverManyCardsAreTried) {
  const base::ManualClock clock;
  CardTries tries(clock, kLimits);
  for (int i = 0; i < 5; ++i) static_cast<void>(tries.count("card " + std::to_string(i), "192.0.2.1"));
  for (int i = 0; i < 100; ++i) static_cast<void>(tries.count("flood " + std::to_string(i), ""));
  EXPECT_EQ(field_of(tries.count("one more", "192.0.2.1")), "address");
}

TEST(CardTries, TakesASubnetOfIpv6AndEverySpellingOfAnAddressForOne) {
  struct Row {
    const char* used_up;
    const char* asked;
    bool same;
  };
  const std::vector<Row> rows{
      {"2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true},
      {"2001:db8:1:2::1", "2001:0DB8:1:2:0:0:0:1", true},
      {"2001:db8:1:2::1", "2001:db8:1:3::1", false},
      {"192.0.2.1", "::ffff:192.0.2.1", true},
      {"::ffff:192.0.2.1", "::ffff:c000:201", true},
      {"::ffff:192.0.2.1", "::ffff:192.0.2.2", false},
      {"fe80::1%eth0", "fe80::2%eth1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"unknown", "unknown", true},
      {"unknown", "unknown too", false},
  };
  for (const Row& row : rows) {
    const base::ManualClock clock;
    CardTries tries(clock, kLimits);
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(tries.count("card " + std::to_string(i), row.used_up));
    EXPECT_EQ(field_of(tries.count("one more", row.asked)), row.same ? "address" : "")
        << row.used_up << ' ' << row.asked;
  }
}

TEST(CardTries, CountsEveryTryOfManyThreads) {
  const base::ManualClock clock;
  CardTries tries(clock,
                  {.per_card = 100, .per_address = 1000, .window = std::chrono::minutes{60}, .subjects_max = 100});
  std::atomic<int> allowed = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) allowed += tries.count("card", "").has_value() ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(allowed, 100);
}

}  // namespace
}  // namespace acquit::payments

#include "payments/checkout/card_tries.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "base/manual_clock.h"

namespace acquit::payments {
namespace {

using base::Milliseconds;
using std::chrono::minutes;

constexpr CardTryLimits kLimits{
    .per_card = 3, .per_address = 5, .per_shop = 8, .per_range = 6, .window = minutes{60}, .subjects_max = 8};
constexpr base::ShopId kShop{1};
constexpr base::ShopId kOther{2};

class CardTriesTest : public ::testing::Test {
 protected:
  static Tried tried(std::string card, std::string address = {}, base::ShopId shop = kShop,
                     std::string range = "497010") {
    return {.card = std::move(card),
            .address = std::move(address),
            .crowd = {.shop = shop, .mode = merchants::Mode::production, .range = std::move(range)}};
  }
  void refuse(const Tried& who, int times = 1) {
    for (int i = 0; i < times; ++i) tries_.refused(who);
  }
  /// "go", or what holds the try back: "card", "address", "crowd".
  std::string begin(const Tried& who) {
    const auto place = tries_.begin(who);
    return place ? "go" : std::string(to_string(place.error().limit));
  }
  Milliseconds again_in(const Tried& who) {
    const auto place = tries_.begin(who);
    return place ? Milliseconds{-1} : place.error().again_in;
  }

  base::ManualClock clock_;
  CardTries tries_{clock_, kLimits};
};

TEST_F(CardTriesTest, CountWhatIsRefusedAndNothingElse) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(begin(tried("card", "campus")), "go") << i;
    tries_.accepted(tried("card").crowd);
  }
  refuse(tried("card", "campus"), 2);
  EXPECT_EQ(begin(tried("card", "campus")), "go");
  refuse(tried("card", "campus"));
  EXPECT_EQ(begin(tried("card", "campus")), "card");
  EXPECT_EQ(begin(tried("another", "campus")), "go");
}

TEST_F(CardTriesTest, HoldACardBackUntilItsHourIsOver) {
  refuse(tried("card"));
  clock_.advance(minutes(20));
  refuse(tried("card"), 2);
  EXPECT_EQ(again_in(tried("card", "", kOther)), minutes(40)) << "at every shop";
  clock_.advance(minutes(40) - Milliseconds(1));
  EXPECT_EQ(again_in(tried("card")), Milliseconds(1));
  clock_.advance(Milliseconds(1));
  EXPECT_EQ(begin(tried("card")), "go");
}

TEST_F(CardTriesTest, HoldAnAddressBackAndNoCardWithIt) {
  for (int i = 0; i < 5; ++i) refuse(tried("card " + std::to_string(i), "home"));
  EXPECT_EQ(begin(tried("fresh", "home")), "address");
  EXPECT_EQ(begin(tried("fresh", "elsewhere")), "go");
  EXPECT_EQ(begin(tried("fresh")), "go") << "a shop's server has no limit";
}

TEST_F(CardTriesTest, CountATryUnderWayAsRefusedForItsCard) {
  refuse(tried("card"));
  std::optional first(tries_.begin(tried("card")));
  std::optional second(tries_.begin(tried("card")));
  ASSERT_TRUE(*first && *second);
  EXPECT_EQ(begin(tried("card")), "card") << "three at once are no way round three";
  EXPECT_EQ(begin(tried("another")), "go");
  first.reset();
  EXPECT_EQ(begin(tried("card")), "go");
  second.reset();
  refuse(tried("card"), 2);
  EXPECT_EQ(begin(tried("card")), "card");
}

TEST_F(CardTriesTest, LetACrowdedRangeGoOnOneASecond) {
  for (int i = 0; i < 6; ++i) refuse(tried("tested " + std::to_string(i), "bot " + std::to_string(i)));
  for (int second = 0; second <= 15; ++second) {
    const auto place = tries_.begin(tried("good buyer", "home"));
    ASSERT_TRUE(place) << second;
    EXPECT_EQ(place->wait(), Milliseconds(1'000 * second));
  }
  EXPECT_EQ(again_in(tried("late", "late")), Milliseconds(16'000)) << "rather than hold the line for longer";
  EXPECT_EQ(tries_.begin(tried("mastercard", "home", kShop, "513100"))->wait().count(), 0) << "another range";
  EXPECT_EQ(tries_.begin(tried("good buyer", "home", kOther))->wait().count(), 0) << "another shop";
  clock_.advance(Milliseconds(10'000));
  EXPECT_EQ(tries_.begin(tried("late", "late"))->wait(), Milliseconds(6'000)) << "the line moved on";
}

TEST_F(CardTriesTest, LetACrowdedShopGoOnOneASecondWhateverTheRange) {
  for (int i = 0; i < 8; ++i) {
    refuse(tried("tested " + std::to_string(i), "", kShop, i % 2 == 0 ? "497010" : "497011"));
  }
  EXPECT_EQ(tries_.begin(tried("a", "", kShop, "513100"))->wait().count(), 0);
  EXPECT_EQ(tries_.begin(tried("b", "", kShop, "340000"))->wait(), CardTries::kBetweenTurns);
}

TEST_F(CardTriesTest, TakeNoBusyShopForACrowdedOne) {
  for (int i = 0; i < 20; ++i) {
    refuse(tried("refused " + std::to_string(i)));
    tries_.accepted(tried("card").crowd);
    tries_.accepted(tried("card").crowd);
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(tries_.begin(tried("good"))->wait().count(), 0) << i;
}

TEST_F(CardTriesTest, CountWhatHappenedOnAnotherNodeFromWhenItHappened) {
  for (int i = 0; i < 3; ++i) tries_.refused(tried("card"), minutes(50));
  EXPECT_EQ(again_in(tried("card")), minutes(10));
  for (int i = 0; i < 3; ++i) tries_.refused(tried("old"), minutes(60));
  EXPECT_EQ(begin(tried("old")), "go");
  clock_.advance(minutes(10));
  EXPECT_EQ(begin(tried("card")), "go");
}

TEST_F(CardTriesTest, AreNotFooledByAWallClockThatJumps) {
  refuse(tried("card"), 3);
  clock_.set(clock_.now() + std::chrono::hours(48));
  EXPECT_EQ(begin(tried("card")), "card");
}

TEST_F(CardTriesTest, ForgetOnlyTheFirstWhenTooManyAreRecent) {
  refuse(tried("first"), 3);
  clock_.advance(minutes(1));
  refuse(tried("second", "home"), 3);
  for (int i = 0; i < 7; ++i) refuse(tried("flood " + std::to_string(i)));
  EXPECT_EQ(begin(tried("second", "home")), "card") << "one too many: one was forgotten, not all";
  EXPECT_EQ(begin(tried("first")), "go") << "and that was the first";
}

TEST_F(CardTriesTest, KeepAnAddressOutHoweverManyCardsAreTried) {
  for (int i = 0; i < 5; ++i) refuse(tried("card " + std::to_string(i), "home"));
  for (int i = 0; i < 100; ++i) refuse(tried("flood " + std::to_string(i)));
  EXPECT_EQ(begin(tried("one more", "home")), "address");
}

TEST_F(CardTriesTest, AllowSoManyOfManyThreadsAtOnce) {
  std::atomic<int> allowed = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const auto place = tries_.begin(tried("card"));
        if (!place) continue;
        ++allowed;
        tries_.refused(tried("card"));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(allowed, kLimits.per_card);
}

}  // namespace
}  // namespace acquit::payments

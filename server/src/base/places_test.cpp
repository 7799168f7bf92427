#include "base/places.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/manual_clock.h"
#include "base/random.h"

namespace acquit::base {
namespace {

constexpr Milliseconds kLate = Places::kSlow + Milliseconds(1);

class PlacesTest : public ::testing::Test {
 protected:
  void fill(const std::string& destination) {
    while (places_.room(destination, clock_.monotonic()) > 0) places_.begin(destination, clock_.monotonic());
  }
  void answer(const std::string& destination, Went went = Went::well, Milliseconds after = Milliseconds(1)) {
    const Monotonic began = clock_.monotonic();
    places_.begin(destination, began);
    clock_.advance(after);
    places_.end(destination, began, clock_.monotonic(), went);
  }
  int room(const std::string& destination) { return places_.room(destination, clock_.monotonic()); }

  ManualClock clock_;
  Places places_{{.total = 64, .each = 16}};
};

TEST_F(PlacesTest, AGoodDestinationHasItsWholeShare) {
  EXPECT_EQ(room("good"), 2) << "nothing is known of it";
  answer("good");
  EXPECT_EQ(room("good"), 16);
}

TEST_F(PlacesTest, ShrinkWithEachFailureAndComeBackWithASuccess) {
  answer("shop");
  for (const int left : {8, 4, 2, 1, 1, 1}) {
    answer("shop", Went::badly);
    EXPECT_EQ(room("shop"), left);
  }
  answer("shop");
  EXPECT_EQ(room("shop"), 16);
}

TEST_F(PlacesTest, WhatWasNeverAskedIsNoFailure) {
  answer("shop");
  answer("shop", Went::nowhere);
  EXPECT_EQ(room("shop"), 16);
}

TEST_F(PlacesTest, AreJudgedAlsoByWhatTookNone) {
  answer("shop");
  places_.judge("shop", Milliseconds(1), Went::badly, clock_.monotonic());
  EXPECT_EQ(room("shop"), 8);
  places_.judge("shop", kLate, Went::well, clock_.monotonic());
  EXPECT_EQ(room("shop"), 16);
  EXPECT_EQ(places_.taken(), 0);
}

TEST_F(PlacesTest, WhoHoldsAPlaceForLongIsInTroubleBeforeItEnds) {
  for (const std::string name : {"a", "b", "c"}) answer(name);
  for (const std::string name : {"a", "b"}) fill(name);
  EXPECT_EQ(places_.taken(), 32);
  clock_.advance(kLate);
  EXPECT_EQ(room("a"), 0);
  EXPECT_EQ(room("c"), 16);
}

TEST_F(PlacesTest, ManyInTroubleLeaveHalfOfThePlacesToTheGood) {
  answer("good");
  for (int i = 0; i < 100; ++i) answer("dead " + std::to_string(i), Went::badly);
  for (int i = 0; i < 100; ++i) fill("dead " + std::to_string(i));
  EXPECT_EQ(places_.taken(), 32);
  EXPECT_EQ(room("good"), 16);
}

TEST_F(PlacesTest, ManyNewOnesLeaveThreeQuartersToTheOthers) {
  answer("good");
  for (int i = 0; i < 100; ++i) fill("new " + std::to_string(i));
  EXPECT_EQ(places_.taken(), 16);
  EXPECT_EQ(room("good"), 16);
}

TEST_F(PlacesTest, NewOnesThatHangLeaveTheirPartToOtherNewOnes) {
  for (int i = 0; i < 8; ++i) fill("hangs " + std::to_string(i));
  EXPECT_EQ(room("newcomer"), 0);
  clock_.advance(kLate);
  EXPECT_EQ(room("newcomer"), 2);
}

TEST_F(PlacesTest, SlowOnesShareTheirHalfFairly) {
  for (const std::string name : {"a", "b", "c"}) answer(name, Went::well, kLate);
  fill("a");
  EXPECT_EQ(places_.taken(), 16) << "alone it has what a good one has";
  fill("b");
  EXPECT_EQ(places_.taken(), 32);
  EXPECT_EQ(room("c"), 0) << "half of all is taken";
  const Monotonic began = clock_.monotonic();
  clock_.advance(kLate);
  places_.end("a", began, clock_.monotonic(), Went::well);
  EXPECT_EQ(room("c"), 1);
}

TEST_F(PlacesTest, CountsAreRightAfterManyChangesOfMind) {
  SeededRandom random(3);
  struct Held {
    std::string destination;
    Monotonic began;
  };
  std::vector<Held> held;
  for (int step = 0; step < 20'000; ++step) {
    const std::string name = "d" + std::to_string(random.below(40));
    if (room(name) > 0 && random.below(2) == 0) {
      places_.begin(name, clock_.monotonic());
      held.push_back({.destination = name, .began = clock_.monotonic()});
    } else if (!held.empty()) {
      const std::size_t which = random.below(held.size());
      places_.end(held[which].destination, held[which].began, clock_.monotonic(),
                  random.below(3) == 0 ? Went::badly : Went::well);
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
    }
    clock_.advance(Milliseconds(static_cast<int>(random.below(200))));
    ASSERT_EQ(static_cast<std::size_t>(places_.taken()), held.size());
    ASSERT_LE(places_.taken(), 64);
  }
  for (const Held& one : held) places_.end(one.destination, one.began, clock_.monotonic(), Went::well);
  answer("d1");
  EXPECT_EQ(room("d1"), 16);
  EXPECT_EQ(room("newcomer"), 2);
}

TEST_F(PlacesTest, NobodyIsJudgedWhereThatIsNotWanted) {
  Places plain({.total = 64, .each = 16, .judged = false});
  for (int i = 0; i < 5; ++i) {
    plain.begin("bank", clock_.monotonic());
    plain.end("bank", clock_.monotonic(), clock_.monotonic(), Went::badly);
  }
  EXPECT_EQ(plain.room("bank", clock_.monotonic()), 16);
}

TEST_F(PlacesTest, ForgetsOnlyWhoHoldsNothing) {
  for (int i = 0; i < 2; ++i) places_.begin("holds", clock_.monotonic());
  for (int i = 0; i < 10'100; ++i) answer(std::to_string(i));
  EXPECT_EQ(places_.taken(), 2);
  EXPECT_EQ(places_.taken_by("holds"), 2);
}

}  // namespace
}  // namespace acquit::base

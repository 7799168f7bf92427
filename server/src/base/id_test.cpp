#include "base/id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <set>
#include <string>
#include <vector>

#include "base/manual_clock.h"
#include "base/random.h"

namespace acquit::base {
namespace {

struct PayTag {
  static constexpr std::string_view prefix = "pay";
};
struct CardTag {
  static constexpr std::string_view prefix = "card";
};
using PayId = Id<PayTag>;
using CardId = Id<CardTag>;

template <class A, class B>
concept Comparable = requires(A a, B b) { a == b; };
static_assert(Comparable<PayId, PayId>);
static_assert(!Comparable<PayId, CardId>, "ids of two nouns can't be mixed up");
static_assert(!std::convertible_to<PayId, CardId> && !std::constructible_from<CardId, PayId>);
static_assert(!std::convertible_to<std::int64_t, ShopId>);

TEST(Id, IsAUuidOfVersion7) {
  const ManualClock clock(time_from_ms(0x0123'4567'89AB));
  SeededRandom random(1);
  const std::string hex = PayId::make(clock, random).hex();
  ASSERT_EQ(hex.size(), 32U);
  EXPECT_EQ(hex.substr(0, 12), "0123456789ab") << "48 bits of Unix time in milliseconds";
  EXPECT_EQ(hex[12], '7') << "version";
  EXPECT_NE(std::string("89ab").find(hex[16]), std::string::npos) << "variant";
}

TEST(Id, LaterOnesSortBehindEarlierOnes) {
  ManualClock clock;
  SeededRandom random(2);
  std::vector<PayId> ids;
  std::set<std::string> texts;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(PayId::make(clock, random));
    texts.insert(ids.back().hex());
    clock.advance(Milliseconds{1});
  }
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(texts.size(), ids.size());
  EXPECT_TRUE(std::ranges::equal(texts, ids, {}, {}, &PayId::hex)) << "text sorts as the id does";
}

TEST(Id, ParsesItsTwoForms) {
  const ManualClock clock;
  SeededRandom random(3);
  const PayId id = PayId::make(clock, random);
  EXPECT_EQ(id.to_string(), "pay_" + id.hex());
  EXPECT_EQ(PayId::parse(id.to_string()), id);
  EXPECT_EQ(PayId::parse(id.hex()), id);
  EXPECT_TRUE(CardId::parse("card_" + id.hex()));
  EXPECT_FALSE(CardId::parse(id.to_string())) << "another noun's";
}

TEST(Id, RefusesOtherForms) {
  const std::string hex = "018bcfe568007abc8def0123456789ab";
  ASSERT_TRUE(PayId::parse(hex));
  const std::string upper = "018BCFE568007ABC8DEF0123456789AB";
  for (const std::string& text : {std::string(), "pay_" + hex.substr(1), hex + "0", "card_" + hex, "pay-" + hex,
                                  "pay" + hex, "pay_pay_" + hex, upper, hex.substr(0, 31) + "g", " " + hex}) {
    EXPECT_FALSE(PayId::parse(text)) << text;
  }
}

TEST(ShopId, IsJustEightDigits) {
  EXPECT_EQ(parse_shop_id("69876357"), ShopId(69876357));
  EXPECT_EQ(to_string(ShopId(69876357)), "69876357");
  EXPECT_EQ(parse_shop_id("00000042"), ShopId(42));
  EXPECT_EQ(to_string(ShopId(42)), "00000042");
  for (const char* text : {"", "6987635", "698763570", "6987635a", "-9876357", "+9876357", " 9876357", "6987 357"}) {
    EXPECT_FALSE(parse_shop_id(text)) << text;
  }
}

TEST(Random, SeededRepeatsItselfAndBelowStaysBelow) {
  SeededRandom a(7);
  SeededRandom b(7);
  EXPECT_EQ(a.hex(20), b.hex(20));
  EXPECT_EQ(a.hex(3).size(), 6U);
  std::array<int, 6> seen{};
  for (int i = 0; i < 600; ++i) ++seen.at(a.below(seen.size()));
  EXPECT_TRUE(std::ranges::all_of(seen, [](int count) { return count > 50; }));
  EXPECT_EQ(a.below(1), 0U);
}

TEST(Random, TheKernelsGivesOtherBytesEachTime) {
  OsRandom random;
  EXPECT_NE(random.hex(32), random.hex(32));
}

}  // namespace
}  // namespace acquit::base

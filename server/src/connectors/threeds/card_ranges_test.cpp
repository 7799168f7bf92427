#include "connectors/threeds/card_ranges.h"

#include <gtest/gtest.h>

namespace acquit::threeds {
namespace {

CardRange range(std::string start, std::string end, std::string url, RangeAction action = RangeAction::add) {
  return CardRange{.start = std::move(start),
                   .end = std::move(end),
                   .action = action,
                   .acs_first_version = "2.1.0",
                   .acs_last_version = "2.2.0",
                   .ds_first_version = {},
                   .ds_last_version = {},
                   .method_url = std::move(url)};
}

std::string found(const CardRanges& ranges, std::string_view pan) {
  const CardRange* hit = ranges.find(pan);
  return hit == nullptr ? "-" : hit->method_url;
}

TEST(CardRanges, FindsBothEndsAndNothingBeside) {
  const CardRanges ranges(
      {}, {range("4970100000000000", "4970109999999999", "a"), range("4970120000000000", "4970129999999999", "b")});
  EXPECT_EQ(found(ranges, "4970099999999999"), "-");
  EXPECT_EQ(found(ranges, "4970100000000000"), "a");
  EXPECT_EQ(found(ranges, "4970109999999999"), "a");
  EXPECT_EQ(found(ranges, "4970110000000000"), "-");
  EXPECT_EQ(found(ranges, "4970125555555555"), "b");
  EXPECT_EQ(found(ranges, "4970130000000000"), "-");
  EXPECT_EQ(found(ranges, ""), "-");
  EXPECT_EQ(found(ranges, "49701x0000000000"), "-");
  EXPECT_EQ(found(CardRanges(), "4970100000000000"), "-");
}

TEST(CardRanges, NarrowestWinsWhereTheyOverlap) {
  const CardRanges ranges(
      {},
      {range("4000000000000000", "4999999999999999", "all"), range("4970000000000000", "4979999999999999", "bin"),
       range("4970100000000055", "4970100000000055", "one"), range("4970200000000000", "4970200000000001", "two"),
       // These two cross: the one that begins first is the narrower.
       range("5100000000000000", "5100000000000009", "short"), range("5100000000000005", "5100000000000099", "wide")});
  EXPECT_EQ(found(ranges, "5100000000000006"), "short");
  EXPECT_EQ(found(ranges, "5100000000000010"), "wide");
  EXPECT_EQ(found(ranges, "4970100000000055"), "one");
  EXPECT_EQ(found(ranges, "4970100000000056"), "bin");
  EXPECT_EQ(found(ranges, "4970200000000001"), "two");
  EXPECT_EQ(found(ranges, "4970999999999999"), "bin");
  EXPECT_EQ(found(ranges, "4980000000000000"), "all");
}

TEST(CardRanges, NumbersOfOtherLengthsAreOtherCards) {
  const CardRanges ranges({}, {range("375900000000000", "375999999999999", "amex"),
                               range("3759000000000000000", "3759999999999999999", "long")});
  EXPECT_EQ(found(ranges, "375900000010015"), "amex");
  EXPECT_EQ(found(ranges, "3759000000100150"), "-");
  EXPECT_EQ(found(ranges, "3759000000100150000"), "long");
}

TEST(CardRanges, ChangesAddModifyAndRemove) {
  const CardRanges first(
      {}, {range("4970100000000000", "4970109999999999", "a"), range("4970120000000000", "4970129999999999", "b")});
  const CardRanges second(first, {range("4970120000000000", "4970129999999999", "", RangeAction::remove),
                                  range("4970100000000000", "4970109999999999", "new", RangeAction::modify),
                                  range("4970140000000000", "4970149999999999", "c"),
                                  range("4970199999999999", "4970190000000000", "upside down"),
                                  range("497019000000000", "4970199999999999", "lengths differ")});
  EXPECT_EQ(second.size(), 2U);
  EXPECT_EQ(found(second, "4970100000000000"), "new");
  EXPECT_EQ(found(second, "4970120000000000"), "-");
  EXPECT_EQ(found(second, "4970140000000000"), "c");
  EXPECT_EQ(found(first, "4970120000000000"), "b");
}

struct VersionCase {
  const char* acs_first;
  const char* acs_last;
  const char* ds_first;
  const char* ds_last;
  std::optional<Version> common;
};

TEST(CardRanges, HighestCommonVersionIsUsed) {
  const VersionCase cases[] = {
      {"2.1.0", "2.2.0", "2.1.0", "2.2.0", Version::v220}, {"2.1.0", "2.1.0", "2.1.0", "2.2.0", Version::v210},
      {"2.1.0", "2.2.0", "2.1.0", "2.1.0", Version::v210}, {"2.1.0", "2.3.1", "2.1.0", "2.3.1", Version::v220},
      {"2.3.0", "2.3.1", "2.1.0", "2.3.1", std::nullopt},  {"1.0.2", "1.0.2", "2.1.0", "2.2.0", std::nullopt},
      {"2.2.0", "2.10.0", "", "", Version::v220},
  };
  for (const VersionCase& row : cases) {
    CardRange card = range("4970100000000000", "4970109999999999", "");
    card.acs_first_version = row.acs_first;
    card.acs_last_version = row.acs_last;
    EXPECT_EQ(common_version(card, row.ds_first, row.ds_last), row.common) << row.acs_first << ' ' << row.acs_last;
  }
}

}  // namespace
}  // namespace acquit::threeds

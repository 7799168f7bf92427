#include "payments/nouns/plan.h"

#include <gtest/gtest.h>

#include <numeric>

namespace acquit::payments {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

constexpr sys_days kToday{year(2026) / 6 / 15};

base::Money eur(std::int64_t minor) { return {minor, *base::Currency::from_code("EUR")}; }

base::Result<std::vector<Instalment>> plan(std::string_view text, std::int64_t total = 20'000) {
  ACQUIT_TRY(const Plan parsed, Plan::parse(text));
  ACQUIT_CHECK(parsed.check(eur(total), kToday));
  EXPECT_EQ(to_text(parsed), text);
  EXPECT_EQ(Plan::parse(to_text(parsed)).value(), parsed);
  return parsed.of(eur(total));
}

TEST(Plan, SingleIsTheWholeAtOnce) {
  const auto parsed = plan("SINGLE").value();
  ASSERT_EQ(parsed.size(), 1U);
  EXPECT_EQ(parsed[0].amount, eur(20'000));
  EXPECT_EQ(parsed[0].delay_days, 0);
  EXPECT_FALSE(parsed[0].date);
}

struct EqualRow {
  std::int64_t total;
  const char* text;
  std::vector<std::int64_t> amounts;
  int period;
};

TEST(Plan, MultiSplitsTheRestEquallyAndLeavesTheRemainderToTheLast) {
  const EqualRow rows[] = {
      {20'000, "MULTI:first=10000;count=4;period=30", {10'000, 3'333, 3'333, 3'334}, 30},  // lyra.md §1.6
      {100, "MULTI:first=50;count=2;period=1", {50, 50}, 1},
      {100, "MULTI:first=1;count=3;period=365", {1, 49, 50}, 365},
      {101, "MULTI:first=1;count=4;period=7", {1, 33, 33, 34}, 7},
      {107, "MULTI:first=1;count=8;period=7", {1, 15, 15, 15, 15, 15, 15, 16}, 7},
      {99, "MULTI:first=1;count=99;period=1", std::vector<std::int64_t>(99, 1), 1},
      {3, "MULTI:first=1;count=3;period=1", {1, 1, 1}, 1},
  };
  for (const EqualRow& row : rows) {
    const auto parsed = plan(row.text, row.total);
    ASSERT_TRUE(parsed) << row.text << ": " << parsed.error().detail;
    ASSERT_EQ(parsed->size(), row.amounts.size()) << row.text;
    for (std::size_t i = 0; i < row.amounts.size(); ++i) {
      EXPECT_EQ((*parsed)[i].amount, eur(row.amounts[i])) << row.text << " " << i;
      EXPECT_EQ((*parsed)[i].delay_days, row.period * static_cast<int>(i)) << row.text << " " << i;
    }
    EXPECT_EQ(std::accumulate(row.amounts.begin(), row.amounts.end(), std::int64_t{0}), row.total) << row.text;
  }
}

TEST(Plan, MultiExtTakesDatesInOrderUpToTwelveMonths) {
  const auto parsed = plan("MULTI_EXT:20260615=5000;20260731=5000;20270615=10000").value();
  ASSERT_EQ(parsed.size(), 3U);
  EXPECT_EQ(parsed[0].date, kToday);
  EXPECT_EQ(parsed[1].date, sys_days(year(2026) / 7 / 31));
  EXPECT_EQ(parsed[2].date, sys_days(year(2027) / 6 / 15));
  EXPECT_EQ(parsed[2].amount, eur(10'000));
}

struct BadRow {
  const char* text;
  base::ErrorCode code;
};

TEST(Plan, RefusesWhatBreaksARule) {
  using enum base::ErrorCode;
  const BadRow rows[] = {
      {"", field_format},
      {"single", field_format},
      {"SINGLE ", field_format},
      {"MULTI", field_format},
      {"MULTI:", field_format},
      {"MULTI:first=10000;count=4", field_format},
      {"MULTI:first=10000;count=4;period=30;", field_format},
      {"MULTI:count=4;first=10000;period=30", field_format},
      {"MULTI:first=10000;count=4;period=", field_format},
      {"MULTI:first=-1;count=4;period=30", field_format},
      {"MULTI:first=+1;count=4;period=30", field_format},
      {"MULTI:first=1.5;count=4;period=30", field_format},
      {"MULTI:first=99999999999999999999;count=4;period=30", field_format},
      {"MULTI:first=0;count=4;period=30", field_value},
      {"MULTI:first=20000;count=2;period=30", field_value},
      {"MULTI:first=20001;count=2;period=30", field_value},
      {"MULTI:first=10000;count=1;period=30", field_value},
      {"MULTI:first=10000;count=100;period=30", field_value},
      {"MULTI:first=10000;count=4;period=0", field_value},
      {"MULTI:first=10000;count=4;period=366", field_value},
      {"MULTI:first=19998;count=4;period=30", field_value},  // Two cents for three instalments.
      {"MULTI_EXT:", field_format},
      {"MULTI_EXT:20260615", field_format},
      {"MULTI_EXT:20260615=", field_format},
      {"MULTI_EXT:20260615=0;20260616=20000", field_format},
      {"MULTI_EXT:20260631=20000", field_format},  // No such day.
      {"MULTI_EXT:2026615=20000", field_format},
      {"MULTI_EXT:20260615=20000;", field_format},
      {"MULTI_EXT:20260614=20000", field_value},                 // Yesterday.
      {"MULTI_EXT:20270616=20000", field_value},                 // Twelve months and a day.
      {"MULTI_EXT:20260615=10000;20260616=9999", field_value},   // A cent short.
      {"MULTI_EXT:20260615=10000;20260616=10001", field_value},  // A cent over.
      {"MULTI_EXT:20260616=10000;20260615=10000", field_value},  // Not in order.
      {"MULTI_EXT:20260615=10000;20260615=10000", field_value},  // Twice.
      {"MULTI_EXT:20260615=9223372036854775807;20260616=1", amount_overflow},
  };
  for (const BadRow& row : rows) {
    const auto parsed = plan(row.text);
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_EQ(parsed.error().code, row.code) << row.text << ": " << parsed.error().detail;
    if (row.code != amount_overflow) EXPECT_EQ(parsed.error().field, "payment_config") << row.text;
  }
}

TEST(Plan, KnowsTheDaysOfTheCalendar) {
  EXPECT_EQ(parse_day("20280229"), sys_days(year(2028) / 2 / 29));
  for (const char* const text :
       {"20270229", "20260001", "20261301", "20260600", "2026061", "202606155", "2026-6-1", "", "aaaabbcc"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

}  // namespace
}  // namespace acquit::payments

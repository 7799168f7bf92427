#include "app/period.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

using base::Milliseconds;
using std::chrono::days;
using std::chrono::hours;

constexpr base::Time kDay{std::chrono::sys_days{std::chrono::year{2026} / 12 / 31}};

TEST(Period, IsOfWholeDaysOrOfMoments) {
  const struct {
    const char* from;
    const char* to;
    std::optional<base::Time> begin;
    std::optional<base::Time> end;
  } rows[] = {
      {"", "", std::nullopt, std::nullopt},
      {"2026-12-31", "", kDay, std::nullopt},
      {"", "2026-12-31", std::nullopt, kDay + days{1}},
      {"2026-12-31", "2026-12-31", kDay, kDay + days{1}},
      {"2026-12-31T08:00:00Z", "2026-12-31", kDay + hours{8}, kDay + days{1}},
      {"2026-12-31", "2026-12-31T08:00:00.250Z", kDay, kDay + hours{8} + Milliseconds{250}},
  };
  for (const auto& row : rows) {
    const auto period = parse_period(row.from, row.to);
    ASSERT_TRUE(period) << row.from << " to " << row.to << ": " << period.error().detail;
    EXPECT_EQ(period->from, row.begin) << row.from;
    EXPECT_EQ(period->until, row.end) << row.to;
  }
}

TEST(Period, NamesTheOptionThatIsWrong) {
  const struct {
    const char* from;
    const char* to;
    std::string_view words;
  } rows[] = {
      {"2026-02-30", "", "--from: must be a day"},
      {"", "31.12.2026", "--to: must be a day"},
      {"2026-1-1", "", "--from: must be a day"},
      {" 2026-12-31", "", "--from: must be a day"},
      {"2026-12-31 ", "", "--from: must be a day"},
      {"2026-12-31T08:00:00", "", "--from: must be a day"},
      {"2026-12-31T25:00:00Z", "", "--from: must be a day"},
      {"2026-12-31", "2026-12-30", "--to: must be after --from"},
      {"2026-12-31T08:00:00Z", "2026-12-31T08:00:00Z", "--to: must be after --from"},
  };
  for (const auto& row : rows) {
    const auto period = parse_period(row.from, row.to);
    ASSERT_FALSE(period) << row.from << " to " << row.to;
    EXPECT_EQ(period.error().code, base::ErrorCode::field_format);
    EXPECT_TRUE(period.error().detail.starts_with(row.words)) << period.error().detail;
  }
}

TEST(Period, ReadsTheMomentsThatItPrints) {
  const base::Time time = kDay + Milliseconds{1};
  EXPECT_EQ(parse_period(exact_moment(time), "")->from, time);
}

}  // namespace
}  // namespace acquit::app

#include "payments/nouns/calendar.h"

#include <gtest/gtest.h>

namespace acquit::payments {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

base::Time utc(int y, unsigned m, unsigned d, int hour = 0, int minute = 0) {
  return sys_days(year(y) / std::chrono::month(m) / std::chrono::day(d)) + hours(hour) + minutes(minute);
}

struct Row {
  const char* what;
  base::Time now;
  int delay_days;
  int hour;
  const char* zone;
  base::Time capture;
};

TEST(Calendar, CountsTheLifeOfAnAuthorisationInDaysOfTheShop) {
  const struct {
    const char* what;
    base::Time authorised_at;
    base::Time capture_at;
    const char* zone;
    bool within;
  } rows[] = {
      {"the same day", utc(2026, 6, 15, 8), utc(2026, 6, 15, 20), "Europe/Paris", true},
      {"seven days and twelve hours", utc(2026, 6, 15, 8), utc(2026, 6, 22, 20), "Europe/Paris", true},
      {"seven days and a minute, over midnight", utc(2026, 6, 15, 21, 59), utc(2026, 6, 22, 22), "Europe/Paris", false},
      {"the same moments elsewhere", utc(2026, 6, 15, 21, 59), utc(2026, 6, 22, 22), "Etc/UTC", true},
      {"eight days", utc(2026, 6, 15, 8), utc(2026, 6, 23, 8), "Europe/Paris", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(within_authorisation_life(row.authorised_at, row.capture_at, row.zone), row.within) << row.what;
  }
}

TEST(Calendar, CapturesAtTheHourOfTheShopsDay) {
  const Row rows[] = {
      {"today, the hour to come", utc(2026, 6, 15, 8), 0, 22, "Europe/Paris", utc(2026, 6, 15, 20)},
      {"today, the hour is now", utc(2026, 6, 15, 20), 0, 22, "Europe/Paris", utc(2026, 6, 15, 20)},
      {"today, the hour has passed: at once", utc(2026, 6, 15, 20, 1), 0, 22, "Europe/Paris", utc(2026, 6, 15, 20, 1)},
      {"in winter", utc(2026, 1, 15, 8), 0, 22, "Europe/Paris", utc(2026, 1, 15, 21)},
      {"days later", utc(2026, 6, 15, 8), 3, 22, "Europe/Paris", utc(2026, 6, 18, 20)},
      {"after midnight in Paris, before it in UTC", utc(2026, 6, 15, 22, 30), 0, 23, "Europe/Paris",
       utc(2026, 6, 16, 21)},
      {"west of Greenwich the day is still the last", utc(2026, 6, 15, 2), 0, 22, "America/New_York",
       utc(2026, 6, 15, 2)},
      {"across the change to winter", utc(2026, 10, 24, 8), 2, 22, "Europe/Paris", utc(2026, 10, 26, 21)},
      {"across the change to summer", utc(2026, 3, 28, 8), 2, 22, "Europe/Paris", utc(2026, 3, 30, 20)},
      {"an hour that the day lacks", utc(2026, 3, 28, 8), 1, 2, "Europe/Paris", utc(2026, 3, 29, 1)},
      {"an hour that the day has twice: the second", utc(2026, 10, 24, 8), 1, 2, "Europe/Paris", utc(2026, 10, 25, 1)},
      {"a zone that nobody knows is UTC", utc(2026, 6, 15, 8), 0, 22, "Europe/Atlantis", utc(2026, 6, 15, 22)},
      {"over the end of a year", utc(2026, 12, 30, 8), 3, 5, "UTC", utc(2027, 1, 2, 5)},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(capture_time({.now = row.now, .delay_days = row.delay_days, .hour = row.hour, .timezone = row.zone}),
              row.capture)
        << row.what;
  }
}

TEST(Calendar, CapturesOnAGivenDay) {
  EXPECT_EQ(capture_time_on(sys_days(year(2026) / 12 / 24), 6, "Europe/Paris"), utc(2026, 12, 24, 5));
  EXPECT_EQ(capture_time_on(sys_days(year(2026) / 7 / 14), 0, "Europe/Paris"), utc(2026, 7, 13, 22));
}

TEST(Calendar, KnowsTheShopsDay) {
  EXPECT_EQ(local_day(utc(2026, 6, 15, 22), "Europe/Paris"), sys_days(year(2026) / 6 / 16));
  EXPECT_EQ(local_day(utc(2026, 6, 15, 21, 59), "Europe/Paris"), sys_days(year(2026) / 6 / 15));
  EXPECT_EQ(local_day(utc(2026, 6, 15, 3), "America/New_York"), sys_days(year(2026) / 6 / 14));
}

TEST(Calendar, ReadsTheClockOfThePlace) {
  const auto shown = [](int hour) { return std::chrono::local_days(year(2026) / 6 / 15) + std::chrono::hours(hour); };
  EXPECT_EQ(local_time(utc(2026, 6, 15, 8), "Europe/Paris"), shown(10));
  EXPECT_EQ(local_time(utc(2026, 6, 15, 23), "Europe/Paris"), shown(25));
  EXPECT_EQ(local_time(utc(2026, 6, 15, 8), "America/Martinique"), shown(4));
  EXPECT_EQ(local_time(utc(2026, 6, 15, 8), "Europe/Atlantis"), shown(8));
}

TEST(Calendar, WritesMomentsCompactly) {
  EXPECT_EQ(to_compact(utc(2026, 6, 5, 8, 7) + std::chrono::seconds(9) + base::Milliseconds(999)), "20260605080709");
}

}  // namespace
}  // namespace acquit::payments

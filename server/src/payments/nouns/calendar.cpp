#include "payments/nouns/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace acquit::payments {
namespace {

const date::time_zone* zone_of(const std::string& name) {
  // A shop's zone is checked when it is saved; the zone database of another machine may still lack it.
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return date::locate_zone("Etc/UTC");
  }
}

base::Time at_hour(const date::time_zone* zone, date::local_days day, int hour) {
  const auto local = day + std::chrono::hours(hour);
  return std::chrono::floor<base::Milliseconds>(zone->to_sys(local, date::choose::latest));
}

}  // namespace

base::Time capture_time(const CaptureDay& day) {
  const date::time_zone* zone = zone_of(day.timezone);
  const auto today = std::chrono::floor<date::days>(zone->to_local(day.now));
  return std::max(day.now, at_hour(zone, today + date::days(day.delay_days), day.hour));
}

base::Time capture_time_on(std::chrono::sys_days day, int hour, const std::string& timezone) {
  return at_hour(zone_of(timezone), date::local_days(day.time_since_epoch()), hour);
}

std::chrono::sys_days local_day(base::Time time, const std::string& timezone) {
  const auto day = std::chrono::floor<date::days>(zone_of(timezone)->to_local(time));
  return std::chrono::sys_days(std::chrono::days(day.time_since_epoch().count()));
}

std::chrono::local_seconds local_time(base::Time time, const std::string& timezone) {
  const auto local = std::chrono::floor<std::chrono::seconds>(zone_of(timezone)->to_local(time));
  return std::chrono::local_seconds(local.time_since_epoch());
}

bool within_authorisation_life(base::Time authorised_at, base::Time capture_at, const std::string& timezone) {
  return local_day(capture_at, timezone) - local_day(authorised_at, timezone) <= kAuthorisationLife;
}

std::string to_compact(base::Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d%02u%02u%02d%02d%02d", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace acquit::payments

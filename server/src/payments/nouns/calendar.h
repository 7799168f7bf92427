// Calendar: when a transaction is authorised and captured, in the shop's time zone. Pure but for the zone database.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"

namespace acquit::payments {

/// How long a card authorisation may be captured (seed 004, paybox.md §5.4).
inline constexpr std::chrono::days kAuthorisationLife{7};

struct CaptureDay {
  base::Time now;
  int delay_days = 0;
  int hour = 0;          ///< Of the contract, local.
  std::string timezone;  ///< IANA name; UTC if unknown.
};
/// The moment of capture: the local day of `now` plus the delay, at the hour; today only if the hour is still to come,
/// otherwise at once.
[[nodiscard]] base::Time capture_time(const CaptureDay& day);
/// The hour on a given day.
[[nodiscard]] base::Time capture_time_on(std::chrono::sys_days day, int hour, const std::string& timezone);
/// The day on the shop's calendar at `time`.
[[nodiscard]] std::chrono::sys_days local_day(base::Time time, const std::string& timezone);
/// True if what is authorised at `authorised_at` may still be captured at `capture_at`: whole days, on the shop's
/// calendar.
[[nodiscard]] bool within_authorisation_life(base::Time authorised_at, base::Time capture_at,
                                             const std::string& timezone);
/// "YYYYMMDDHHMMSS" in UTC.
/// What the clock of a place shows.
[[nodiscard]] std::chrono::local_seconds local_time(base::Time time, const std::string& timezone);
[[nodiscard]] std::string to_compact(base::Time time);

}  // namespace acquit::payments

// Period: the days or moments between which an operator looks.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace acquit::app {

struct Period {
  std::optional<base::Time> from;
  std::optional<base::Time> until;  ///< Before it.
};

/// Each is empty, a day (2026-12-31, of UTC, whole) or a moment (2026-12-31T08:00:00Z, with decimals if need be).
/// Errors: field_format (--from, --to).
[[nodiscard]] base::Result<Period> parse_period(const std::string& from, const std::string& to);

/// The first moment of a day of UTC, written as 2026-12-31.
[[nodiscard]] std::optional<base::Time> parse_day(const std::string& text);

/// For people: 2026-12-31T08:00:00Z.
[[nodiscard]] std::string moment_text(base::Time time);
/// As parse_period reads it: 2026-12-31T08:00:00.123Z.
[[nodiscard]] std::string exact_moment(base::Time time);

}  // namespace acquit::app

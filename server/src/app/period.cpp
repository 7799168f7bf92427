#include "app/period.h"

#include <date/date.h>

#include <chrono>
#include <sstream>

namespace acquit::app {
namespace {

using base::ErrorCode;
using base::Milliseconds;

// The library reads leniently (2026-1-1), so what it read has to print as it was given.
std::optional<base::Time> parse(const std::string& text, const char* format) {
  std::istringstream in(text);
  base::Time moment;
  if (!(in >> date::parse(format, moment)) || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return moment;
}

std::optional<base::Time> parse_moment(const std::string& text) {
  const auto moment = parse(text, "%FT%TZ");
  if (!moment) return std::nullopt;
  const std::string whole = date::format("%FT%TZ", *moment);
  const std::string seconds = moment_text(*moment);
  return text == whole || text == seconds ? moment : std::nullopt;
}

struct Bound {
  base::Time begin;
  base::Time end;
};

base::Result<std::optional<Bound>> parse_bound(const std::string& option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const auto day = parse_day(text)) {
    return Bound{.begin = *day, .end = *day + std::chrono::days{1}};
  }
  if (const auto moment = parse_moment(text)) return Bound{.begin = *moment, .end = *moment};
  return base::fail(ErrorCode::field_format,
                    option + ": must be a day, as 2026-12-31, or a moment in UTC, as 2026-12-31T08:00:00Z", option);
}

}  // namespace

std::optional<base::Time> parse_day(const std::string& text) {
  const auto moment = parse(text, "%F");
  return moment && date::format("%F", *moment) == text ? moment : std::nullopt;
}

base::Result<Period> parse_period(const std::string& from, const std::string& to) {
  ACQUIT_TRY(const auto first, parse_bound("--from", from));
  ACQUIT_TRY(const auto last, parse_bound("--to", to));
  Period period;
  if (first) period.from = first->begin;
  if (last) period.until = last->end;
  if (period.from && period.until && *period.until <= *period.from) {
    return base::fail(ErrorCode::field_format, "--to: must be after --from", "--to");
  }
  return period;
}

std::string moment_text(base::Time time) {
  return date::format("%FT%TZ", std::chrono::floor<std::chrono::seconds>(time));
}

std::string exact_moment(base::Time time) { return date::format("%FT%TZ", std::chrono::floor<Milliseconds>(time)); }

}  // namespace acquit::app

#include "notifications/series.h"

#include "base/form_fields.h"
#include "base/number.h"

namespace acquit::notifications {
namespace {

constexpr std::chrono::minutes kQuarter{15};

}  // namespace

std::string to_payload(const Series& series) {
  base::FormFields fields{{"rule", std::string(merchants::to_string(series.rule))}};
  if (series.replay > 0) fields.emplace_back("replay", std::to_string(series.replay));
  return base::to_form(fields);
}

std::optional<Series> parse_series(std::string_view payload) {
  const auto fields = base::parse_form(payload);
  if (!fields || fields->empty() || fields->size() > 2 || fields->front().first != "rule") return std::nullopt;
  const auto rule = merchants::parse_rule(fields->front().second);
  if (!rule) return std::nullopt;
  Series series{.rule = *rule};
  if (fields->size() == 2) {
    const auto replay = base::parse_int<int>((*fields)[1].second);
    if ((*fields)[1].first != "replay" || !replay || *replay < 0 || *replay > kReplaysMax) return std::nullopt;
    series.replay = *replay;
  }
  return series;
}

base::Time next_quarter(base::Time time) {
  const auto minute = std::chrono::floor<std::chrono::minutes>(time);
  return minute - minute.time_since_epoch() % kQuarter + kQuarter;
}

}  // namespace acquit::notifications

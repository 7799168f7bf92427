// Series: a notification and its automatic replays: where it stands, kept in the outbox message's payload, and when the
// next call is due. Pure values; any thread.
//
// The outbox counts claims, crashes included; a series counts calls that were made and written down.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "merchants/shop.h"
#include "notifications/formatter.h"

namespace acquit::notifications {

inline constexpr int kReplaysMax = 4;

struct Series {
  merchants::Rule rule = merchants::Rule::end_of_payment;
  int replay = 0;  ///< 0: the first call.

  [[nodiscard]] int attempt() const { return replay + 1; }
  [[nodiscard]] Telling telling() const { return replay == 0 ? Telling::first : Telling::again; }
  [[nodiscard]] bool is_last() const { return replay >= kReplaysMax; }
  /// "1" to "4", then "last".
  [[nodiscard]] std::string attempt_name() const { return is_last() ? "last" : std::to_string(attempt()); }
  [[nodiscard]] Series next() const { return {.rule = rule, .replay = replay + 1}; }
};

/// What payments wrote for the first call ("rule=…"), with "&replay=…" from then on; and back.
[[nodiscard]] std::string to_payload(const Series& series);
[[nodiscard]] std::optional<Series> parse_series(std::string_view payload);

/// The next full quarter of an hour after `time`: :00, :15, :30 or :45.
[[nodiscard]] base::Time next_quarter(base::Time time);

}  // namespace acquit::notifications

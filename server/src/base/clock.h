// Wall time and monotonic time, injected so that tests and simulations set them.
//
// Wall time is UTC milliseconds and may jump; it is for what people and banks read. Monotonic time is for durations and
// deadlines and means nothing outside the process. Implementations are safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace acquit::base {

/// A moment in UTC, in milliseconds: how all times are stored.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Milliseconds = std::chrono::milliseconds;
using Monotonic = std::chrono::steady_clock::time_point;

[[nodiscard]] constexpr std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }
/// Nothing stays nothing, as in a column that may be empty.
[[nodiscard]] constexpr std::optional<std::int64_t> to_ms(std::optional<Time> time) {
  return time ? std::optional(to_ms(*time)) : std::nullopt;
}
[[nodiscard]] constexpr Time time_from_ms(std::int64_t ms) { return Time{Milliseconds{ms}}; }

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Time now() const = 0;
  [[nodiscard]] virtual Monotonic monotonic() const = 0;
};

/// The system's clocks. The only place that reads them.
class OsClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
  [[nodiscard]] Monotonic monotonic() const override;
};

}  // namespace acquit::base

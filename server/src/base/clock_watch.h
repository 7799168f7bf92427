// ClockWatch: notices that somebody set the wall clock, by the monotonic clock that nobody can set.
//
// Due times, leases and expiries are wall time: after a jump they come early or late by it, and the operator should
// know. One user at a time.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace acquit::base {

class ClockWatch {
 public:
  explicit ClockWatch(const Clock& clock) : clock_(clock), offset_(offset()) {}

  /// By how much the wall clock was set since the last call, or the making: forwards is positive. Nothing for less than
  /// a second, which is how a clock is kept right.
  [[nodiscard]] std::optional<Milliseconds> jumped() {
    const Milliseconds now = offset();
    const Milliseconds by = now - offset_;
    offset_ = now;
    return std::chrono::abs(by) < std::chrono::seconds(1) ? std::nullopt : std::optional(by);
  }

 private:
  [[nodiscard]] Milliseconds offset() const {
    return Milliseconds(to_ms(clock_.now())) -
           std::chrono::duration_cast<Milliseconds>(clock_.monotonic().time_since_epoch());
  }

  const Clock& clock_;
  Milliseconds offset_;
};

}  // namespace acquit::base

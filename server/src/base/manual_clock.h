// A clock that stands still until a test moves it; wall and monotonic time can be moved apart. Safe from any thread.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace acquit::base {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = time_from_ms(1'700'000'000'000)) : wall_ms_(to_ms(start)) {}

  [[nodiscard]] Time now() const override { return time_from_ms(wall_ms_.load()); }
  [[nodiscard]] Monotonic monotonic() const override {
    return Monotonic{std::chrono::duration_cast<Monotonic::duration>(Milliseconds{monotonic_ms_.load()})};
  }
  /// Lets time pass: both clocks move on.
  void advance(Milliseconds by) {
    wall_ms_ += by.count();
    monotonic_ms_ += by.count();
  }
  /// Someone sets the wall clock: only it moves, perhaps back.
  void set(Time wall) { wall_ms_ = to_ms(wall); }

 private:
  std::atomic<std::int64_t> wall_ms_;
  std::atomic<std::int64_t> monotonic_ms_{0};
};

}  // namespace acquit::base

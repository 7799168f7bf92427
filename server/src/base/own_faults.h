// OwnFaults: how often a fault of our own kept something from being done, and whether one did lately, for /health.
//
// Safe from any thread; the clock outlives it.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace acquit::base {

class OwnFaults {
 public:
  /// One makes us unfit for `unfit_for`.
  OwnFaults(const Clock& clock, Milliseconds unfit_for) : clock_(clock), unfit_for_(unfit_for) {}

  void note() {
    const std::lock_guard lock(mutex_);
    ++count_;
    last_ = clock_.monotonic();
  }
  [[nodiscard]] std::uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  [[nodiscard]] bool fit() const {
    const std::lock_guard lock(mutex_);
    return !last_ || clock_.monotonic() - *last_ >= unfit_for_;
  }

 private:
  const Clock& clock_;
  const Milliseconds unfit_for_;
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::optional<Monotonic> last_;
};

}  // namespace acquit::base

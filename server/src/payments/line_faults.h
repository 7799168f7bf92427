// LineFaults: payments that could not be sent to their acquirer since our own settings were at fault: no line, no
// contract any more, or data that the line's format can't say. Nothing is charged and nobody is refused; the operator
// has to mend it, so it is logged, counted, and /health says so for a while.
//
// Safe from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/bounded_log.h"
#include "base/clock.h"
#include "base/result.h"

namespace acquit::payments {

class LineFaults {
 public:
  static constexpr std::chrono::minutes kUnfitFor{15};

  explicit LineFaults(const base::Clock& clock) : clock_(clock) {}

  void note(const base::Error& error) {
    ++count_;
    log_.error("acquirer_own_fault", {{"field", error.field}, {"detail", error.detail}});
    const std::lock_guard lock(mutex_);
    last_ = clock_.monotonic();
  }
  /// For what a bank can make us say as often as it likes.
  [[nodiscard]] const base::BoundedLog& log() const { return log_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// False for a quarter of an hour after one.
  [[nodiscard]] bool fit() const {
    const std::lock_guard lock(mutex_);
    return !last_ || clock_.monotonic() - *last_ >= kUnfitFor;
  }

 private:
  const base::Clock& clock_;
  std::atomic<std::uint64_t> count_ = 0;
  const base::BoundedLog log_{clock_};
  mutable std::mutex mutex_;
  std::optional<base::Monotonic> last_;
};

}  // namespace acquit::payments

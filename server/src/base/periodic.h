// Periodic: works that come round by themselves until stop(), which ends their waits at once.
//
// What a work fails with is logged under its name, and it comes round again. Safe from any thread. Must outlive its
// works: after stop() wait until running() is zero. Not with an executor that resumes in place.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/bell.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"

namespace acquit::base {

class Periodic {
 public:
  using Work = std::function<Task<Result<void>>()>;
  enum class First : std::uint8_t { at_once, after_interval };

  explicit Periodic(Executor& executor) : executor_(executor), bell_(executor) {}

  /// The interval is that from the end of a work to its next beginning.
  void start(std::string name, Milliseconds interval, Work work, First first = First::after_interval);
  /// For good. Works that run end by themselves.
  void stop() { bell_.stop(); }
  [[nodiscard]] bool stopped() const { return bell_.stopped(); }
  [[nodiscard]] int running() const { return running_; }

 private:
  [[nodiscard]] Task<void> go_round(std::string name, Milliseconds interval, Work work, First first);

  Executor& executor_;
  Bell bell_;  // Rings for the stop.
  std::atomic<int> running_ = 0;
};

}  // namespace acquit::base

// Running: counts the coroutines that use an object, so that its stop() can wait for the last of them.
//
// Safe from any thread.
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/task.h"

namespace acquit::base {

class Running {
 public:
  explicit Running(Executor& executor) : executor_(executor) {}

  void began() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }
  void ended() {
    std::vector<Completion<bool>> waiting;
    {
      const std::lock_guard lock(mutex_);
      if (--count_ == 0) waiting = std::exchange(waiting_, {});
    }
    for (const auto& completion : waiting) completion.set(true);
  }
  /// Ends once none runs; at once if none does.
  [[nodiscard]] Task<void> wait_for_none() {
    const Completion<bool> none(executor_);
    {
      const std::lock_guard lock(mutex_);
      if (count_ == 0) co_return;
      waiting_.push_back(none);
    }
    (void)co_await none;
  }

 private:
  Executor& executor_;
  std::mutex mutex_;
  int count_ = 0;
  std::vector<Completion<bool>> waiting_;
};

}  // namespace acquit::base

// Bell: what a coroutine that waits for work or for the end of its time is woken by, instead of looking again and
// again.
//
// ring() ends the waits that are under way; if there are none, the next one ends at once, so that nothing that happens
// between a look and a wait is missed. Rings do not add up: whoever wakes has to look at everything. Safe from any
// thread. Must outlive its waits; not with an executor that resumes in place.
#pragma once

#include <coroutine>
#include <mutex>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"

namespace acquit::base {

class Bell {
 public:
  explicit Bell(Executor& executor) : executor_(executor) {}
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring();
  /// Ends all waits, also those that begin later: the end of a loop.
  void stop();
  [[nodiscard]] bool stopped() const;

  /// co_await bell.wait(limit): until it rings, at most so long.
  [[nodiscard]] auto wait(Milliseconds limit) {
    struct Awaiter {
      Bell& bell;
      Milliseconds limit;
      std::coroutine_handle<> waiting;
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      bool await_suspend(std::coroutine_handle<> handle) {
        waiting = handle;
        return bell.begin(handle, limit);
      }
      void await_resume() const { bell.end(waiting); }
    };
    return Awaiter{*this, limit, {}};
  }

 private:
  // False if it has rung already.
  bool begin(std::coroutine_handle<> handle, Milliseconds limit);
  void end(std::coroutine_handle<> handle);
  void wake();

  Executor& executor_;
  mutable std::mutex mutex_;
  std::vector<std::coroutine_handle<>> waiting_;
  bool rung_ = false;
  bool stopped_ = false;
};

}  // namespace acquit::base

// SteppedExecutor: runs what is ready on the thread that calls it; sleepers wait for wake(), whatever time they asked
// for. For tests that go round step by step. Posting is safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "base/executor.h"

namespace acquit::base::testing {

class SteppedExecutor final : public Executor {
 public:
  void post(std::coroutine_handle<> handle) override {
    {
      const std::lock_guard lock(mutex_);
      ready_.push_back(handle);
    }
    changed_.notify_all();
  }
  void post_after(Milliseconds, std::coroutine_handle<> handle) override {
    const std::lock_guard lock(mutex_);
    asleep_.push_back(handle);
  }
  void hurry(std::coroutine_handle<> handle) override {
    {
      const std::lock_guard lock(mutex_);
      if (std::erase(asleep_, handle) == 0) return;
      ready_.push_back(handle);
    }
    changed_.notify_all();
  }

  void run_until_asleep(std::size_t count) {
    while (!sleep(count)) next().resume();
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    ready_.insert(ready_.end(), asleep_.begin(), asleep_.end());
    asleep_.clear();
  }
  /// Resumes what is ready, or becomes so, until `done`; nobody is woken.
  template <class Done>
  void run_until(Done done) {
    while (!done()) next().resume();
  }

 private:
  bool sleep(std::size_t count) {
    const std::lock_guard lock(mutex_);
    return asleep_.size() == count;
  }
  std::coroutine_handle<> next() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, kPatience, [&] { return !ready_.empty(); })) {
      throw std::logic_error("nothing became ready");
    }
    const std::coroutine_handle<> handle = ready_.front();
    ready_.pop_front();
    return handle;
  }

  static constexpr std::chrono::minutes kPatience{2};  // For what never comes.

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::coroutine_handle<>> ready_;
  std::vector<std::coroutine_handle<>> asleep_;
};

}  // namespace acquit::base::testing

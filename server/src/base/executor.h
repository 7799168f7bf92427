// Executor: where suspended coroutines go on, now or later; Completion<T>: a value that another thread brings once.
//
// net::Loop implements Executor on its event loop; tests use InlineExecutor. All calls are safe from any thread.
#pragma once

#include <atomic>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.h"

namespace acquit::base {

class Executor {
 public:
  virtual ~Executor() = default;
  /// Resumes `handle` soon on one of the executor's threads, never inside this call (InlineExecutor excepted).
  virtual void post(std::coroutine_handle<> handle) = 0;
  /// Resumes `handle` once `delay` has passed.
  virtual void post_after(Milliseconds delay, std::coroutine_handle<> handle) = 0;
  /// Resumes `handle`, which waits in post_after(), soon; nothing if its time has come already. For Bell, which knows
  /// that it has not gone on; executors of tests that wake by hand need not do anything.
  virtual void hurry(std::coroutine_handle<>) {}

  /// co_await executor.sleep(delay)
  [[nodiscard]] auto sleep(Milliseconds delay) {
    struct Awaiter {
      Executor& executor;
      Milliseconds delay;
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) const { executor.post_after(delay, handle); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this, delay};
  }
  /// co_await executor.hop(): goes on on one of this executor's threads.
  [[nodiscard]] auto hop() {
    struct Awaiter {
      Executor& executor;
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) const { executor.post(handle); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }
};

/// Resumes in place; delays are not waited for. For tests of code that never truly waits.
class InlineExecutor final : public Executor {
 public:
  void post(std::coroutine_handle<> handle) override { handle.resume(); }
  void post_after(Milliseconds, std::coroutine_handle<> handle) override { handle.resume(); }
};

/// A one-shot mailbox: copies share it; the first set() wins, later ones return false. One coroutine may await it.
template <class T>
class Completion {
 public:
  explicit Completion(Executor& executor) : state_(std::make_shared<State>(executor)) {}

  /// True if this call brought the value.
  bool set(T value) const {
    std::coroutine_handle<> waiter;
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->value) return false;
      state_->value.emplace(std::move(value));
      waiter = std::exchange(state_->waiter, nullptr);
    }
    if (waiter) state_->executor.post(waiter);
    return true;
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) const {
    const std::lock_guard lock(state_->mutex);
    if (state_->value) return false;
    state_->waiter = handle;
    return true;
  }
  T await_resume() const { return *std::move(state_->value); }

 private:
  struct State {
    explicit State(Executor& e) : executor(e) {}
    Executor& executor;
    std::mutex mutex;
    std::optional<T> value;
    std::coroutine_handle<> waiter;
  };
  std::shared_ptr<State> state_;  // Shared: the bringer may outlive the waiter, and the other way round.
};

}  // namespace acquit::base

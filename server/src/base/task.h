// Task<T>: a lazy coroutine that one other coroutine awaits, and spawn/sync_wait at the edges.
//
// A Task starts when it is awaited, runs on the thread that awaits it, and goes on wherever what it awaits resumes it.
// It owns its frame: destroying an unfinished Task destroys what it was doing. Not for sharing: one Task, one awaiter.
// Why not boost::asio::awaitable: its header costs a second in every file that mentions a use case (ADR 0002).
#pragma once

#include <atomic>
#include <coroutine>
#include <exception>
#include <optional>
#include <semaphore>
#include <type_traits>
#include <utility>

namespace acquit::base {

template <class T = void>
class Task;

namespace impl {

struct FinalAwaiter {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> done) const noexcept {
    return done.promise().continuation;
  }
  void await_resume() const noexcept {}
};

struct PromiseBase {
  std::coroutine_handle<> continuation = std::noop_coroutine();
  std::exception_ptr exception;

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { exception = std::current_exception(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;

  Task<T> get_return_object();
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    if (exception) std::rethrow_exception(exception);
    return *std::move(value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const {
    if (exception) std::rethrow_exception(exception);
  }
};

}  // namespace impl

template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = impl::Promise<T>;

  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
    handle_.promise().continuation = awaiter;
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace impl {

template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}

// A coroutine that nobody awaits: starts at once and frees itself.
struct Detached {
  struct promise_type {
    Detached get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }  // A bug: spawned tasks catch what they can.
  };
};

}  // namespace impl

/// Runs `task` to its end with nobody waiting; calls `done` then. The task must not throw.
template <class Done>
void spawn(Task<void> task, Done done) {
  [](Task<void> owned, Done then) -> impl::Detached {
    co_await std::move(owned);
    then();
  }(std::move(task), std::move(done));
}
inline void spawn(Task<void> task) {
  spawn(std::move(task), [] {});
}

/// Blocks this thread until `task` ends: for main and tests, never inside a coroutine.
template <class T>
T sync_wait(Task<T> task) {
  std::binary_semaphore finished{0};
  if constexpr (std::is_void_v<T>) {
    std::exception_ptr exception;
    [](Task<void>& owned, std::exception_ptr& caught, std::binary_semaphore& done) -> impl::Detached {
      try {
        co_await owned;
      } catch (...) {  // tidy: rethrown to the waiting thread
        caught = std::current_exception();
      }
      done.release();
    }(task, exception, finished);
    finished.acquire();
    if (exception) std::rethrow_exception(exception);
  } else {
    std::optional<T> value;
    std::exception_ptr exception;
    [](Task<T>& owned, std::optional<T>& out, std::exception_ptr& caught,
       std::binary_semaphore& done) -> impl::Detached {
      try {
        out.emplace(co_await owned);
      } catch (...) {  // tidy: rethrown to the waiting thread
        caught = std::current_exception();
      }
      done.release();
    }(task, value, exception, finished);
    finished.acquire();
    if (exception) std::rethrow_exception(exception);
    return *std::move(value);
  }
}

}  // namespace acquit::base

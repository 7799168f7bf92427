// begin: a task under way, for tests that do something else meanwhile.
//
// Unlike a thread of its own, what the task does before it first waits has been done when begin() returns: a test need
// not hope that a thread has come so far. The future has its result, or what it threw.
#pragma once

#include <exception>
#include <future>
#include <memory>
#include <utility>

#include "base/task.h"

namespace acquit::base::testing {

namespace impl {

template <class T>
Task<void> keep_promise(Task<T> task, std::shared_ptr<std::promise<T>> promise) {
  try {
    promise->set_value(co_await std::move(task));
  } catch (...) {  // tidy: rethrown to who asks the future
    promise->set_exception(std::current_exception());
  }
}

}  // namespace impl

template <class T>
[[nodiscard]] std::future<T> begin(Task<T> task) {
  auto promise = std::make_shared<std::promise<T>>();  // Shared: the task may outlive the test's interest in it.
  auto future = promise->get_future();
  spawn(impl::keep_promise(std::move(task), std::move(promise)));
  return future;
}

}  // namespace acquit::base::testing

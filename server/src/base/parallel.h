// for_each_at_once: one coroutine for each item, a bounded number of them under way at a time.
//
// Called from a coroutine, which goes on once the last one ended. Items are begun in order; `work` may run on several
// threads at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <vector>

#include "base/executor.h"
#include "base/task.h"

namespace acquit::base {

namespace impl {

struct AtOnce {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> workers = 0;
  std::mutex mutex;
  std::exception_ptr exception;
};

// Takes one item after the other until none is left. The references are for_each_at_once's own, which outlives it.
template <class T, class Work>
Task<void> serve(AtOnce& shared, const std::vector<T>& items, Work& work) {
  for (std::size_t i = shared.next++; i < items.size(); i = shared.next++) {
    try {
      co_await work(items[i]);
    } catch (...) {  // tidy: rethrown to the caller
      const std::lock_guard lock(shared.mutex);
      if (!shared.exception) shared.exception = std::current_exception();
    }
  }
}

}  // namespace impl

/// `work`: Task<void>(const T&). What it throws first is thrown here, once the others have ended.
template <class T, class Work>
Task<void> for_each_at_once(Executor& executor, const std::vector<T>& items, std::size_t at_once, Work work) {
  impl::AtOnce shared;
  const std::size_t workers = std::min(at_once, items.size());
  if (workers == 0) co_return;
  const Completion<bool> ended(executor);
  shared.workers = workers;
  for (std::size_t i = 0; i < workers; ++i) {
    spawn(impl::serve(shared, items, work), [&shared, ended] {
      if (--shared.workers == 0) ended.set(true);
    });
  }
  (void)co_await ended;
  if (shared.exception) std::rethrow_exception(shared.exception);
}

}  // namespace acquit::base

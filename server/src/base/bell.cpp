#include "base/bell.h"

#include <utility>

namespace acquit::base {

void Bell::ring() {
  const std::lock_guard lock(mutex_);
  rung_ = waiting_.empty();
  wake();
}

void Bell::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  wake();
}

bool Bell::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

// Under the lock: a waiter can't go on before it has left the list, so that its handle is still its own.
void Bell::wake() {
  for (const std::coroutine_handle<> handle : waiting_) executor_.hurry(handle);
}

bool Bell::begin(std::coroutine_handle<> handle, Milliseconds limit) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(rung_, false) || stopped_) return false;
  waiting_.push_back(handle);
  executor_.post_after(limit, handle);
  return true;
}

void Bell::end(std::coroutine_handle<> handle) {
  const std::lock_guard lock(mutex_);
  std::erase(waiting_, handle);
}

}  // namespace acquit::base

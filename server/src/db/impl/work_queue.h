// WorkQueue: a bounded line of borrowed works between callers and the threads that run them.
//
// Holds pointers only; an item must live until its taker has answered it. Safe from any thread. The array is made once,
// so nothing is allocated for a work. Who waits in it longer than a caller may wait is taken out by take_late().
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "base/clock.h"

namespace acquit::db::impl {

template <class T>
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t max) : ring_(max == 0 ? 1 : max) {}

  /// False if the queue is full or closed.
  bool push(T& item) {
    // Notified under the lock: once it is released, the item's owner may end this queue at any moment.
    const std::lock_guard lock(mutex_);
    if (closed_ || count_ == ring_.size()) return false;
    ring_[(head_ + count_) % ring_.size()] = {.item = &item, .since = clock_.monotonic()};
    ++count_;
    ready_.notify_one();
    return true;
  }

  /// Waits, then fills `out` with up to `max` items. False once closed: `out` then holds all that still waited.
  bool take(std::size_t max, std::vector<T*>& out) {
    out.clear();
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || count_ > 0; });
    while (count_ > 0 && (closed_ || out.size() < max)) {
      out.push_back(take_first());
    }
    return !closed_;
  }

  /// Fills `out` with the items that have waited since before `limit` ago, without waiting.
  void take_late(base::Milliseconds limit, std::vector<T*>& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    const base::Monotonic before = clock_.monotonic() - limit;
    while (count_ > 0 && ring_[head_].since <= before) out.push_back(take_first());
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    ready_.notify_all();
  }

 private:
  struct Place {
    T* item = nullptr;
    base::Monotonic since;
  };

  T* take_first() {
    T* const first = ring_[head_].item;
    head_ = (head_ + 1) % ring_.size();
    --count_;
    return first;
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  base::OsClock clock_;
  std::vector<Place> ring_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  bool closed_ = false;
};

}  // namespace acquit::db::impl

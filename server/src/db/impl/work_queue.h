// WorkQueue: a bounded line of borrowed works between callers and the threads that run them.
//
// Holds pointers only; an item must live until its taker has answered it. Safe from any thread. The array is made once,
// so nothing is allocated for a work.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

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
    ring_[(head_ + count_) % ring_.size()] = &item;
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
      out.push_back(ring_[head_]);
      head_ = (head_ + 1) % ring_.size();
      --count_;
    }
    return !closed_;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    ready_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<T*> ring_;
  std::size_t head_ = 0;
  std::size_t count_ = 0;
  bool closed_ = false;
};

}  // namespace acquit::db::impl

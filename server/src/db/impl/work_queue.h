// WorkQueue: a bounded line of borrowed works between callers and the threads that run them.
//
// Holds pointers only; an item must live until its taker has answered it. Safe from any thread. The array is made once,
// so nothing is allocated for a work. What is taken at once is of one group; within it the order is kept. Who waits
// longer than a caller may wait is taken out by take_late(). Each item has a member `since`: when its caller began to
// wait, in this line or in one before.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/clock.h"

namespace acquit::db::impl {

template <class T>
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t max) : ring_(max == 0 ? 1 : max) {}

  /// False if the queue is full or closed.
  bool push(T& item, std::int64_t group = 0) {
    // Notified under the lock: once it is released, the item's owner may end this queue at any moment.
    const std::lock_guard lock(mutex_);
    if (closed_ || count_ == ring_.size()) return false;
    if (item.since == base::Monotonic{}) item.since = clock_.monotonic();
    place(count_) = {.item = &item, .group = group};
    ++count_;
    ready_.notify_one();
    return true;
  }

  /// Waits, then fills `out` with up to `max` items of the group that the first one has. False once closed: `out` then
  /// holds all that still waited.
  bool take(std::size_t max, std::vector<T*>& out) {
    out.clear();
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || count_ > 0; });
    if (closed_) {
      while (count_ > 0) out.push_back(take_first());
      return false;
    }
    const std::int64_t group = ring_[head_].group;
    while (count_ > 0 && out.size() < max && ring_[head_].group == group) out.push_back(take_first());
    if (count_ > 0 && out.size() < max) take_from_behind(group, max, out);
    return true;
  }

  /// Fills `out` with the items that have waited since before `limit` ago, without waiting.
  void take_late(base::Milliseconds limit, std::vector<T*>& out) {
    out.clear();
    const std::lock_guard lock(mutex_);
    const base::Monotonic before = clock_.monotonic() - limit;
    while (count_ > 0 && ring_[head_].item->since <= before) out.push_back(take_first());
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    ready_.notify_all();
  }

 private:
  struct Place {
    T* item = nullptr;
    std::int64_t group = 0;
  };

  Place& place(std::size_t i) { return ring_[(head_ + i) % ring_.size()]; }

  /// Those of the group that stand behind others, who close up.
  void take_from_behind(std::int64_t group, std::size_t max, std::vector<T*>& out) {
    std::size_t left = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (place(i).group == group && out.size() < max) {
        out.push_back(place(i).item);
      } else {
        place(left++) = place(i);
      }
    }
    count_ = left;
  }

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

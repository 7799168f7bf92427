// LineWatch: a thread that looks after those who wait in line, so that nobody waits for ever behind a thread that
// hangs.
//
// Calls `look` four times in each `limit`, until destroyed. `look` has to be safe beside the threads that run works.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace acquit::db::impl {

class LineWatch {
 public:
  LineWatch(base::Milliseconds limit, std::function<void()> look)
      : pause_(limit / 4), look_(std::move(look)), thread_([this] { run(); }) {}
  ~LineWatch() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  LineWatch(const LineWatch&) = delete;
  LineWatch& operator=(const LineWatch&) = delete;

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, pause_, [this] { return stopped_; })) {
      lock.unlock();
      look_();
      lock.lock();
    }
  }

  const base::Milliseconds pause_;
  const std::function<void()> look_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::thread thread_;  // Last: it uses the others.
};

}  // namespace acquit::db::impl

// RateCounter: how often something happened within a window of time, by subject; for limits against abuse.
//
// Counted in this process only. Memory is bounded: when too many subjects are recent, all are forgotten, since starting
// afresh costs less than refusing everybody. Safe from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace acquit::payments {

struct RateWindow {
  std::chrono::minutes length{60};
  std::size_t subjects_max = 100'000;
};

class RateCounter {
 public:
  RateCounter(const base::Clock& clock, RateWindow window) : clock_(clock), window_(window) {}
  /// Counts one more for `subject`; false, and not counted, if it had `limit` within the window already.
  [[nodiscard]] bool allow(const std::string& subject, int limit);

 private:
  struct Count {
    base::Monotonic since;
    int times = 0;
  };
  void forget_old(base::Monotonic now);

  const base::Clock& clock_;
  RateWindow window_;
  std::mutex mutex_;
  std::unordered_map<std::string, Count> counts_;
};

}  // namespace acquit::payments

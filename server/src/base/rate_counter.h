// RateCounter: how often something happened within a window of time, by subject; for limits against abuse.
//
// Counted in this process only. Memory is bounded: when too many subjects are recent, the windows that began first are
// forgotten, and no others: whoever floods the table gives back a few tries, never all. Safe from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace acquit::base {

struct RateWindow {
  std::chrono::minutes length{60};
  std::size_t subjects_max = 100'000;
};

/// What was counted for a subject in the window that lasts.
struct Tally {
  int times = 0;
  Milliseconds ends_in{0};
};

class RateCounter {
 public:
  RateCounter(const Clock& clock, RateWindow window) : clock_(clock), window_(window) {}
  /// Counts one more for `subject`; false, and not counted, if it had `limit` within the window already.
  [[nodiscard]] bool allow(const std::string& subject, int limit);
  /// Counts one that happened `ago`; nothing where that is longer than the window.
  void add(const std::string& subject, Milliseconds ago = Milliseconds{0});
  [[nodiscard]] Tally tally(const std::string& subject);

 private:
  struct Count {
    std::string subject;
    Monotonic since;
    int times = 0;
  };
  using Counts = std::list<Count>;
  Counts::iterator window_of(const std::string& subject, Monotonic since);
  void forget_over(Monotonic now);
  void forget_first();

  const Clock& clock_;
  RateWindow window_;
  std::mutex mutex_;
  Counts counts_;  // By the beginning of their windows.
  std::unordered_map<std::string_view, Counts::iterator> by_subject_;
};

}  // namespace acquit::base

// eventually: waits for what another thread or process is about to do, with a bound and not with a guess of its time.
//
// Looks every millisecond. The bound is for what never comes; a busy machine alone must not reach it.
#pragma once

#include <chrono>
#include <thread>

namespace acquit::base::testing {

inline constexpr int kLooksMax = 60'000;

/// False if `condition` did not come true in a minute or more; say what was waited for: EXPECT_TRUE(eventually(…)) << …
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
  for (int looks = 0; looks < kLooksMax; ++looks) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));  // tidy: between two looks at a condition, bounded
  }
  return false;
}

}  // namespace acquit::base::testing

// LogBudget: lets so many lines of one kind through in a minute, and counts the others. BoundedLog has one for each
// event, and locks it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/clock.h"

namespace acquit::base {

class LogBudget {
 public:
  static constexpr int kLines = 20;
  static constexpr std::chrono::minutes kPeriod{1};

  /// Nothing if the line is one too many; otherwise how many were left out before it.
  [[nodiscard]] std::optional<std::uint64_t> take(Monotonic now) {
    if (!began_ || now - *began_ >= kPeriod) {
      began_ = now;
      used_ = 0;
    }
    if (used_ == kLines) {
      ++left_out_;
      return std::nullopt;
    }
    ++used_;
    return std::exchange(left_out_, 0);
  }

 private:
  std::optional<Monotonic> began_;
  int used_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace acquit::base

// Bounds on steps: what a use of a text of `limit` bytes may cost, in the shapes that are worst for one or another of
// those who read it. For the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "work/steps.h"

namespace acquit::work {

inline constexpr std::size_t kBodyMax = 256U << 10U;
inline constexpr std::size_t kHeaderMax = 16U << 10U;
// Far above the dearest of them (a wrong signature, tried in every way that we know), far below what is left of a
// square: a byte of 256 kB would cost some ten thousand.
inline constexpr std::uint64_t kStepsPerByte = 2'000;
inline constexpr std::uint64_t kStepsAnyway = 2'000'000;

inline std::string filled(std::string_view unit, std::size_t size) {
  std::string out;
  while (out.size() + unit.size() <= size) out += unit;
  return out;
}

/// Repeated up to the limit.
[[nodiscard]] const std::vector<std::string>& units();

using Use = std::function<void(const std::string&)>;

inline void expect_bounded(const std::string& what, std::size_t limit, const Use& use) {
  for (const std::string& unit : units()) {
    const std::string text = filled(unit, limit);
    const std::uint64_t before = steps();
    use(text);
    EXPECT_LT(steps() - before, limit * kStepsPerByte + kStepsAnyway) << what << " with '" << unit << "'";
  }
}

}  // namespace acquit::work

// What a piece of work logs, as it stands on standard error. For tests; one at a time.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace acquit::base::testing {

template <class Work>
std::string logged(Work work) {
  ::testing::internal::CaptureStderr();
  work();
  return ::testing::internal::GetCapturedStderr();
}

}  // namespace acquit::base::testing

// How the benchmark ends where it can't go on.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace acquit::bench {

/// Says why on standard error and exits with 1.
[[noreturn]] void stop_with(const std::string& why);

template <class T>
T must(base::Result<T> result) {
  if (!result) stop_with(result.error().detail);
  return *std::move(result);
}

}  // namespace acquit::bench

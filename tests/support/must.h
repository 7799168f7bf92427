// must(): the value of a Result that a test takes for granted. Where there is none, an exception ends the test and says
// what went wrong.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/errors.h"
#include "base/result.h"

namespace acquit::support {

template <class T>
T must(base::Result<T> result) {
  if (!result) {
    const base::Error& error = result.error();
    throw std::runtime_error(std::string(base::error_row(error.code).token) + ": " + error.detail);
  }
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace acquit::support

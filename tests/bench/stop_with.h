// How the benchmark ends where it can't go on.
#pragma once

#include <stdexcept>
#include <string>

#include "tests/support/must.h"

namespace acquit::bench {

/// Throws, so that all servers are stopped on the way out; main says why on standard error and ends with 1.
[[noreturn]] inline void stop_with(const std::string& why) { throw std::runtime_error(why); }

using support::must;

}  // namespace acquit::bench

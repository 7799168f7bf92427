#include "base/clock.h"

namespace acquit::base {

Time OsClock::now() const { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }

Monotonic OsClock::monotonic() const { return std::chrono::steady_clock::now(); }

}  // namespace acquit::base

// File descriptors: what the process may open, raised at start to what it is going to need.
//
// Not for use while threads run that look at the same limit.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace acquit::net {

/// Raises the soft limit (RLIMIT_NOFILE) to `needed` where it is lower. Errors: configuration_invalid if the hard limit
/// is; the detail names both.
[[nodiscard]] base::Result<void> allow_descriptors(std::uint64_t needed);

}  // namespace acquit::net

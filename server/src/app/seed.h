// The demo's data: the family's published demo shop, and a second shop that must never see the first one's data.
#pragma once

#include <string>

#include "base/result.h"
#include "platform/config/config.h"

namespace acquit::app {

struct SeedAddresses {
  std::string sandbox_url;  ///< Where the demo shop takes notifications and frames the page.
};

/// Writes the shops if they are not there, and their addresses in any case: the demo's ports change.
[[nodiscard]] base::Result<void> seed_demo(const platform::Config& config, const SeedAddresses& addresses);

}  // namespace acquit::app

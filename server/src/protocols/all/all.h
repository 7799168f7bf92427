// The list of the protocols that this server speaks: the one place to name a new one.
#pragma once

#include "protocols/registry.h"

namespace acquit::protocols {

[[nodiscard]] Protocols all();

}  // namespace acquit::protocols

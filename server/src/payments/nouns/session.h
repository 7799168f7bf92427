// How long a buyer may take.
#pragma once

#include <chrono>

namespace acquit::payments {

/// From one step to the next (shop-modules M52).
inline constexpr std::chrono::minutes kSessionLife{10};
/// From the first step to the last, however often he asks for more time.
inline constexpr std::chrono::minutes kSessionMax{120};

}  // namespace acquit::payments

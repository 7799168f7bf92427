// The paths at which browsers and directory servers come back during 3-D Secure, and the whole addresses that they are
// given. Pure; safe from any thread.
#pragma once

#include <string_view>

#include "payments/threeds/threeds_addresses.h"

namespace acquit::web {

inline constexpr std::string_view kMethodDonePath = "/3ds/method-done";
inline constexpr std::string_view kChallengeDonePath = "/3ds/challenge-done";
/// Shop and secret stand below it, as two parts.
inline constexpr std::string_view kResultsPath = "/3ds/results";

/// `public_url` as of the settings; `results_url`: that of a door of their own for results, empty if they come to
/// public_url.
[[nodiscard]] payments::ThreeDsAddresses threeds_addresses(std::string_view public_url, std::string_view results_url);

}  // namespace acquit::web

// What we call ourselves towards other servers. A constant; safe from any thread.
#pragma once

#include <string_view>

namespace acquit::http {

/// "0.1.0": the version of the CMake project.
inline constexpr std::string_view kVersion = ACQUIT_VERSION;
/// "Acquit/0.1.0"
inline constexpr std::string_view kUserAgent = "Acquit/" ACQUIT_VERSION;

}  // namespace acquit::http

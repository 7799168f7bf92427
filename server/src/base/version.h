// What this program is. Safe from any thread.
#pragma once

#include <string_view>

namespace acquit::base {

/// "0.1.0": the version of the CMake project, which one file is compiled with.
[[nodiscard]] std::string_view version();

}  // namespace acquit::base

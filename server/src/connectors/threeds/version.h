// Version: the EMV 3-D Secure versions that we speak. A value; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace acquit::threeds {

enum class Version : std::uint8_t { v210, v220 };
/// "2.1.0", "2.2.0".
[[nodiscard]] std::string_view to_string(Version version);
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);

}  // namespace acquit::threeds

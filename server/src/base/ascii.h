// Letters, digits and blanks of ASCII; bytes beyond it are none of them. Pure; no locale; any thread.
#pragma once

#include <string>
#include <string_view>

namespace acquit::base {

/// Without blanks, tabs and ends of lines around it.
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::string ascii_upper(std::string_view text);
/// One at least.
[[nodiscard]] bool is_digits(std::string_view text);

}  // namespace acquit::base

// Letters, digits, blanks and control characters of ASCII; bytes beyond it are none of them. Pure; no locale; any
// thread.
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
/// What no line of text holds: below the blank, ends of lines and tabs too, and DEL.
[[nodiscard]] constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
[[nodiscard]] bool has_control(std::string_view text);
/// Holds what stands in no line that is sent: a control character that is no tab.
[[nodiscard]] bool breaks_line(std::string_view text);
/// `text` with a blank in place of each.
[[nodiscard]] std::string blank_controls(std::string text);

}  // namespace acquit::base

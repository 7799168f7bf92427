// Text in UTF-8: whether it is, its code points, and how other text becomes it. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace acquit::base {

[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// U+FFFD in place of each piece that is no UTF-8, as browsers show it.
[[nodiscard]] std::string valid_utf8(std::string_view text);
/// Text of ISO-8859-1 as UTF-8: each byte is the code point of its value.
[[nodiscard]] std::string latin1_to_utf8(std::string_view text);
/// Code points, not bytes; `text` must be valid UTF-8.
[[nodiscard]] std::size_t utf8_length(std::string_view text);
/// The first `count` code points.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t count);

}  // namespace acquit::base

// Percent-encoding (RFC 3986 §2.1), as URLs and forms have it. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace acquit::base {

/// Percent-encodes all but RFC 3986 unreserved characters.
[[nodiscard]] std::string url_encode(std::string_view text);
void append_url_encoded(std::string& out, std::string_view text);
/// The bytes that url_encode(text) has.
[[nodiscard]] std::size_t url_encoded_size(std::string_view text);
/// What a form encoded: a plus is a blank. Nothing on a broken percent escape.
[[nodiscard]] std::optional<std::string> form_decode(std::string_view text);

}  // namespace acquit::base

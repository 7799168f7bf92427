// RFC 4648: bytes as letters, in its two alphabets. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace acquit::base {

/// §4, with padding.
[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
/// §5, without padding.
[[nodiscard]] std::string to_base64url(std::span<const std::byte> bytes);
/// With or without padding.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace acquit::base

// Bytes as hexadecimal digits. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::base {

/// In lower case.
[[nodiscard]] std::string to_hex(std::span<const std::byte> bytes);
/// Upper or lower case; nothing if odd in length or not hex.
[[nodiscard]] std::optional<std::vector<std::byte>> from_hex(std::string_view hex);

/// What one digit of either case stands for; -1 for what is none.
[[nodiscard]] constexpr int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace acquit::base

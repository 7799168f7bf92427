// Text seen as bytes. Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace acquit::base {

[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace acquit::base

// Whole numbers written in a text. Pure; no locale; any thread.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>
#include <system_error>

namespace acquit::base {

/// The whole of `text` as a decimal number: no blanks, no plus sign, no overflow.
template <std::integral T>
[[nodiscard]] std::optional<T> parse_int(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace acquit::base

// Small pure text functions: encodings, splitting, strict numbers, UTF-8, URL forms. No locale, no I/O, no exceptions.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acquit::base {

[[nodiscard]] std::span<const std::byte> as_bytes(std::string_view text);

[[nodiscard]] std::string to_hex(std::span<const std::byte> bytes);
/// Upper or lower case; nothing if odd in length or not hex.
[[nodiscard]] std::optional<std::vector<std::byte>> from_hex(std::string_view hex);

/// RFC 4648 §4 with padding.
[[nodiscard]] std::string to_base64(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
/// RFC 4648 §5 without padding.
[[nodiscard]] std::string to_base64url(std::span<const std::byte> bytes);
/// With or without padding.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::string ascii_upper(std::string_view text);
[[nodiscard]] bool is_digits(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// U+FFFD in place of each piece that is no UTF-8, as browsers show it.
[[nodiscard]] std::string valid_utf8(std::string_view text);
/// Text of ISO-8859-1 as UTF-8: each byte is the code point of its value.
[[nodiscard]] std::string latin1_to_utf8(std::string_view text);
/// Code points, not bytes; `text` must be valid UTF-8.
[[nodiscard]] std::size_t utf8_length(std::string_view text);
/// The first `count` code points.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t count);

/// The whole of `text` as a decimal number: no blanks, no plus sign, no overflow.
template <std::integral T>
[[nodiscard]] std::optional<T> parse_int(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

using FormFields = std::vector<std::pair<std::string, std::string>>;
/// application/x-www-form-urlencoded, in the order sent. Nothing on a broken percent escape.
[[nodiscard]] std::optional<FormFields> parse_form(std::string_view body);
/// Percent-encodes all but RFC 3986 unreserved characters.
[[nodiscard]] std::string url_encode(std::string_view text);
void append_url_encoded(std::string& out, std::string_view text);
[[nodiscard]] std::string to_form(const FormFields& fields);
/// The bytes that to_form(fields) has.
[[nodiscard]] std::size_t form_size(const FormFields& fields);
/// Escapes & < > " ' for HTML text and attributes.
[[nodiscard]] std::string html_escape(std::string_view text);

}  // namespace acquit::base

// Percent-encoding (RFC 3986 §2.1), as URLs and forms have it, by Boost.URL. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace acquit::base {

/// By the value of a byte: whether it stands for itself.
using PlainBytes = std::array<bool, 256>;

/// What RFC 3986 lets stand as it is anywhere.
inline constexpr PlainBytes kUnreserved = [] {
  PlainBytes bytes{};
  for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~")) {
    bytes[static_cast<unsigned char>(c)] = true;
  }
  return bytes;
}();

/// Where '%' is plain it stands for an escape that was made before.
void append_percent_encoded(std::string& out, std::string_view text, const PlainBytes& plain = kUnreserved);
[[nodiscard]] std::string percent_encode(std::string_view text);
/// The bytes that percent_encode(text) has.
[[nodiscard]] std::size_t percent_encoded_size(std::string_view text);

/// Nothing on a broken escape. Whatever else stands there may stand: what is sent is rarely as clean as the standard.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
/// The same for names and values of a form, where a plus is a blank.
[[nodiscard]] std::optional<std::string> form_decode(std::string_view text);

}  // namespace acquit::base

#include "base/percent.h"

#include <algorithm>
#include <array>

#include "base/hex.h"

namespace acquit::base {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// By byte: what RFC 3986 lets stand as it is.
constexpr std::array<bool, 256> kUnreserved = [] {
  std::array<bool, 256> bytes{};
  for (const char c : std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~")) {
    bytes[static_cast<unsigned char>(c)] = true;
  }
  return bytes;
}();

bool is_unreserved(char c) { return kUnreserved[static_cast<unsigned char>(c)]; }

}  // namespace

void append_url_encoded(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::ranges::find_if_not(text, is_unreserved);
    out.append(text.begin(), end);
    if (end == text.end()) return;
    const auto byte = static_cast<unsigned char>(*end);
    out.append({'%', kHexDigits[byte >> 4U], kHexDigits[byte & 15U]});
    text = {end + 1, text.end()};
  }
}

std::string url_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  append_url_encoded(out, text);
  return out;
}

std::size_t url_encoded_size(std::string_view text) {
  return text.size() + 2 * (text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_unreserved)));
}

std::optional<std::string> form_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

}  // namespace acquit::base

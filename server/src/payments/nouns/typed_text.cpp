#include "payments/nouns/typed_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <vector>

#include "base/number.h"

namespace acquit::payments {
namespace {

constexpr std::u32string_view kDots = U".．。｡·․・٫۔";
constexpr std::u32string_view kSlashes = U"/／⁄∕年月년월";
// The long vowel mark of the Japanese keyboard, beside the digits, where others have the hyphen.
constexpr UChar32 kLongVowel = 0x30FC;

bool is_one_of(std::u32string_view characters, UChar32 c) {
  return characters.find(static_cast<char32_t>(c)) != std::u32string_view::npos;
}

// What stands for `c` on a plain keyboard; 0 where it stands for itself, nothing is written for -1.
int plain(UChar32 c) {
  if (c < 0) return '?';
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) return -1;
  if (const int digit = u_charDigitValue(c); digit >= 0) return '0' + digit;
  if (u_isUWhiteSpace(c) != 0) return ' ';
  if (c == kLongVowel || u_hasBinaryProperty(c, UCHAR_DASH) != 0) return '-';
  if (is_one_of(kDots, c)) return '.';
  if (is_one_of(kSlashes, c)) return '/';
  return 0;
}

/// Calls `take(code point, its bytes)` for each; the code point is negative where the bytes are no UTF-8.
template <class Take>
void for_each_character(std::string_view text, const Take& take) {
  const auto length = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < length;) {
    const std::int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    take(c, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin)));
  }
}

std::vector<std::string> parts_between(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts{{}};
  for (const char c : text) {
    if (separators.contains(c)) {
      if (!parts.back().empty()) parts.emplace_back();
    } else if (c != ' ') {
      parts.back() += c;
    }
  }
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

bool is_month(std::string_view text) {
  const auto number = base::parse_int<int>(text);
  return number && *number >= 1 && *number <= 12;
}

// "1230", "122030", "203012". Six digits are a year first only where they can't be a month first.
std::pair<std::string, std::string> split_digits(const std::string& digits) {
  if (digits.size() == 6 && !is_month(digits.substr(0, 2)) && is_month(digits.substr(4)))
    return {digits.substr(4), digits.substr(0, 4)};
  if (digits.size() == 4 || digits.size() == 6) return {digits.substr(0, 2), digits.substr(2)};
  return {digits, {}};
}

}  // namespace

std::string plain_text(std::string_view typed) {
  std::string out;
  for_each_character(typed, [&](UChar32 c, std::string_view bytes) {
    const int instead = plain(c);
    if (instead == 0) out += bytes;
    if (instead > 0) out += static_cast<char>(instead);
  });
  return out;
}

std::string typed_digits(std::string_view typed) {
  std::string text = plain_text(typed);
  std::erase_if(text, [](char c) { return std::string_view(" -./").contains(c); });
  return text;
}

std::pair<std::string, std::string> split_expiry(std::string_view typed) {
  const std::string text = plain_text(typed);
  std::vector<std::string> parts = parts_between(text, "-./");
  if (parts.empty()) return {};
  const bool one = parts.size() == 1;
  if (one) parts = parts_between(text, "-./ ");  // "12 2030"
  if (parts.size() == 2) return parts[0].size() == 4 ? std::pair(parts[1], parts[0]) : std::pair(parts[0], parts[1]);
  if (one) return split_digits(joined(parts));  // "1230", and "1 2 3 0" too.
  return {joined(parts), {}};
}

std::string typed_name(std::string_view typed) {
  std::string out;
  for_each_character(typed, [&](UChar32 c, std::string_view bytes) {
    if (c >= 0 && u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) return;
    const bool blank = c >= 0 && (u_isUWhiteSpace(c) != 0 || u_iscntrl(c) != 0);
    if (!blank) out += bytes;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  });
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace acquit::payments

#include "base/impl/card_marks.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace acquit::base {
namespace {

using Kind = MarkKind;

constexpr std::size_t kIbanMin = 15;
constexpr std::size_t kIbanMax = 34;

// Also the blank of Braille, which has its place among the symbols.
bool is_blank(UChar32 point) { return u_isUWhiteSpace(point) != 0 || point == 0x2800; }

// What stands between two characters without being seen, or over one.
bool is_unseen(UChar32 point) {
  if (point < 0x80) return false;
  const auto type = u_charType(point);
  return type == U_FORMAT_CHAR || type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

Kind kind_of_ascii(char c) {
  if (c >= '0' && c <= '9') return Kind::digit;
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Kind::letter;
  switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n': return Kind::blank;
    case '-': return Kind::hyphen;
    case '.': return Kind::dot;
    case '/':
    case '\\': return Kind::slash;
    case '_': return Kind::low_line;
    case '+': return Kind::plus;
    case ',': return Kind::comma;
    default: return Kind::other;
  }
}

Kind kind_of(UChar32 point) {
  if (point < 0x80) return kind_of_ascii(static_cast<char>(point));
  const auto type = u_charType(point);
  if (type == U_DECIMAL_DIGIT_NUMBER) return Kind::digit;
  // Cased ones only: those of scripts without blanks between words (Japanese) touch a number without joining it.
  if (type == U_UPPERCASE_LETTER || type == U_LOWERCASE_LETTER || type == U_TITLECASE_LETTER) return Kind::letter;
  if (is_blank(point)) return Kind::blank;
  // The minus, the hyphen bullet, and the long-vowel mark that Japanese keyboards give for a hyphen.
  if (type == U_DASH_PUNCTUATION || point == 0x2212 || point == 0x2043 || point == 0x30FC || point == 0xFF70)
    return Kind::hyphen;
  if (point == 0xFF0C || point == 0x3001 || point == 0x060C) return Kind::comma;
  if (point == 0xB7 || point == 0x2022 || point == 0x30FB || point == 0xFF0E) return Kind::dot;
  return point == 0x2044 || point == 0xFF0F ? Kind::slash : Kind::other;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte at `at` and where the next one begins. A percent escape counts as the byte that it stands for, also where
// the percent sign is escaped itself, as in an address within an address.
std::pair<unsigned char, std::size_t> byte_at(std::string_view text, std::size_t at) {
  if (text[at] != '%') return {static_cast<unsigned char>(text[at]), at + 1};
  std::size_t digits = at + 1;
  while (text.substr(digits).starts_with("25")) digits += 2;
  const int high = digits + 1 < text.size() ? hex_value(text[digits]) : -1;
  const int low = high < 0 ? -1 : hex_value(text[digits + 1]);
  if (low >= 0) return {static_cast<unsigned char>(high * 16 + low), digits + 2};
  // Past all that was looked at, so that no byte is looked at twice.
  return {'%', digits};
}

// The code point at `at`, negative where there is no UTF-8, and where the next one begins.
std::pair<UChar32, std::size_t> point_at(std::string_view text, std::size_t at) {
  const auto [first, after_first] = byte_at(text, at);
  if (first < 0x80U) return {static_cast<UChar32>(first), after_first};
  std::array<char, 4> bytes{static_cast<char>(first)};
  std::int32_t count = 1;
  std::size_t after = after_first;
  while (count < U8_COUNT_TRAIL_BYTES(first) + 1 && after < text.size()) {
    const auto [byte, next] = byte_at(text, after);
    if ((byte & 0xC0U) != 0x80U) break;
    bytes[static_cast<std::size_t>(count++)] = static_cast<char>(byte);
    after = next;
  }
  std::int32_t used = 0;
  UChar32 point = 0;
  U8_NEXT(bytes.data(), used, count, point);
  return {point, point < 0 ? after_first : after};
}

// A number in `text` to the base 10 or 16; negative where there is none or it is no code point.
UChar32 point_of(std::string_view text, int base) {
  UChar32 point = 0;
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0 || digit >= base) return -1;
    point = point * base + digit;
  }
  return text.empty() || point > UCHAR_MAX_VALUE ? -1 : point;
}

// What HTML calls the characters that stand between digits.
UChar32 named(std::string_view name) {
  constexpr auto kNames = std::to_array<std::pair<std::string_view, UChar32>>(
      {{"nbsp", 0xA0},     {"ensp", 0x2002},   {"emsp", 0x2003},   {"thinsp", 0x2009}, {"numsp", 0x2007},
       {"puncsp", 0x2008}, {"hairsp", 0x200A}, {"Tab", '\t'},      {"NewLine", '\n'},  {"zwnj", 0x200C},
       {"zwj", 0x200D},    {"shy", 0xAD},      {"hyphen", 0x2010}, {"dash", 0x2010},   {"ndash", 0x2013},
       {"mdash", 0x2014},  {"minus", 0x2212},  {"middot", 0xB7},   {"bull", 0x2022},   {"period", '.'},
       {"sol", '/'},       {"lowbar", '_'},    {"plus", '+'},      {"comma", ','}});
  const auto* const found = std::ranges::find(kNames, name, &std::pair<std::string_view, UChar32>::first);
  return found == kNames.end() ? -1 : found->second;
}

// A character of HTML at `at`, such as "&nbsp;", "&#160;" or "&amp;#xA0;" as in a page within a page, and where the
// next one begins; negative if there is none.
std::pair<UChar32, std::size_t> html_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 9;
  std::size_t begin = at + 1;
  // As often as it is escaped; what lies between was then looked at once for all that follows.
  while (text.substr(begin).starts_with("amp;")) begin += 4;
  const std::string_view rest = text.substr(begin, kLongest);
  const std::size_t end = rest.find(';');
  const std::size_t after_escapes = begin == at + 1 ? at : begin;
  if (end == std::string_view::npos) return {-1, after_escapes};
  const std::string_view name = rest.substr(0, end);
  UChar32 point = named(name);
  if (name.starts_with("#x") || name.starts_with("#X"))
    point = point_of(name.substr(2), 16);
  else if (name.starts_with('#'))
    point = point_of(name.substr(1), 10);
  return point < 0 ? std::pair{point, after_escapes} : std::pair{point, begin + end + 1};
}

// A character of JSON at `at`, such as "\u00a0" or "\n".
std::pair<UChar32, std::size_t> json_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1, 5);
  if (rest.starts_with('n') || rest.starts_with('r') || rest.starts_with('t')) return {' ', at + 2};
  if (!rest.starts_with('u') || rest.size() < 5) return {-1, at};
  const UChar32 point = point_of(rest.substr(1), 16);
  return {point, point < 0 ? at : at + 6};
}

// The character at `at`, whatever it is written as.
std::pair<UChar32, std::size_t> character_at(std::string_view text, std::size_t at) {
  if (text[at] == '&') {
    const auto [point, next] = html_at(text, at);
    if (point >= 0) return {point, next};
    if (next > at) return {'&', next};
  }
  if (text[at] == '\\') {
    if (const auto [point, next] = json_at(text, at); point >= 0) return {point, next};
  }
  return point_at(text, at);
}

bool is_alphanumeric(const Mark& mark) { return mark.kind == Kind::digit || mark.kind == Kind::letter; }

// Mod 97 over letters and digits (ISO 13616).
bool is_iban(std::string_view text) {
  int rest = 0;
  const auto take = [&](char c) {
    const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  };
  std::ranges::for_each(text.substr(4), take);
  std::ranges::for_each(text.substr(0, 4), take);
  return rest == 1;
}

// The end of the longest IBAN that begins at `first`, in one piece or in groups with a blank between; `first` if none.
std::size_t iban_end(const Marks& marks, std::size_t first) {
  std::string text;
  std::size_t end = first;
  for (std::size_t at = first; at < marks.size() && text.size() < kIbanMax; ++at) {
    const Mark& mark = marks[at];
    if (mark.kind == Kind::blank && at > first && is_alphanumeric(marks[at - 1])) continue;
    if (!is_alphanumeric(mark) || mark.ascii == '\0') break;
    const bool letter_wanted = text.size() < 2;
    if (text.size() < 4 && letter_wanted != (mark.kind == Kind::letter)) break;
    text += mark.ascii;
    const bool group_ends = at + 1 == marks.size() || !is_alphanumeric(marks[at + 1]);
    if (group_ends && text.size() >= kIbanMin && is_iban(text)) end = at + 1;
  }
  return end;
}

}  // namespace

Marks marks_of(std::string_view text) {
  Marks marks;
  marks.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto [point, next] = character_at(text, at);
    if (is_unseen(point)) {
      at = next;
      continue;
    }
    Mark mark{.kind = point < 0 ? Kind::other : kind_of(point), .begin = at, .end = next};
    if (mark.kind == Kind::digit) {
      mark.ascii = static_cast<char>('0' + u_charDigitValue(point));
    } else if (point >= 0 && point < 0x80) {
      mark.ascii = static_cast<char>(point);
    }
    marks.push_back(mark);
    at = next;
  }
  return marks;
}

void note_ibans(Marks& marks) {
  for (std::size_t at = 0; at + kIbanMin <= marks.size(); ++at) {
    if (marks[at].kind != Kind::letter || (at > 0 && is_alphanumeric(marks[at - 1]))) continue;
    const std::size_t end = iban_end(marks, at);
    for (std::size_t inside = at; inside < end; ++inside) marks[inside].in_iban = true;
  }
}

}  // namespace acquit::base

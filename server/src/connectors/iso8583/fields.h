// The data elements of ISO 8583:1987 as a table: number, name, characters, length, and whether a log may show them.
//
// Compile-time constants; safe from any thread. DE 1 and 65 announce further bitmaps and are no elements of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace acquit::iso8583 {

/// What characters the logical value of an element has.
enum class Kind : std::uint8_t {
  n,     ///< Digits.
  an,    ///< Letters, digits, blanks (as padding).
  ans,   ///< Everything but control characters; bytes above 127 pass, since hosts send Latin-1.
  z,     ///< Track data: digits and = or D.
  x_n,   ///< C or D, then digits.
  b,     ///< Bytes; two hex digits each where the dialect says so.
  free,  ///< Bytes, always as they are: what private elements hold is between two parties, and nobody else's to judge.
};

enum class Length : std::uint8_t { fixed, ll, lll };

enum class Privacy : std::uint8_t {
  open,         ///< May be shown.
  card_number,  ///< Shown as first six and last four.
  hidden,       ///< Only its length may be shown.
};

struct FieldSpec {
  int number = 0;
  std::string_view name;
  Kind kind = Kind::ans;
  Length length = Length::fixed;
  std::size_t max = 0;  ///< Of the logical value: digits, characters, or bytes for b. Fixed: just as many.
  Privacy privacy = Privacy::open;
};

inline constexpr int kLastField = 128;

/// All elements, by number.
[[nodiscard]] std::span<const FieldSpec> field_table();

/// Nothing if there is no such element.
[[nodiscard]] const FieldSpec* find_field(int number);

}  // namespace acquit::iso8583

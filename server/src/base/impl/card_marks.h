// A text as the search for card numbers sees it: a mark a character, escapes of addresses (%20), HTML (&nbsp;) and JSON
// (\u00a0) undone, IBANs noted. What is not seen, such as a zero-width space, a soft hyphen or an accent over a digit,
// has no mark. Linear work.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace acquit::base {

// What a character is to a card number.
enum class MarkKind : std::uint8_t { digit, letter, blank, hyphen, dot, slash, low_line, plus, comma, other };
struct Mark {
  MarkKind kind = MarkKind::other;
  char ascii = '\0';  ///< The digit or character in ASCII; NUL for others.
  bool in_iban = false;
  std::size_t begin = 0;
  std::size_t end = 0;
};
using Marks = std::vector<Mark>;

[[nodiscard]] Marks marks_of(std::string_view text);
/// Sets in_iban where an account number stands: letters and digits, perhaps in groups, that pass their check mod 97.
void note_ibans(Marks& marks);

}  // namespace acquit::base

// Card numbers in free text: where they stand, and the text without them. One rule serves what is refused (a form that
// holds one where none belongs) and what is hidden (logs, mails, pages), so that nothing refused shows one back.
//
// A card number is 14 to 19 digits of any script that begin like a payment card's, pass the Luhn check and stand as
// people and programs write them: in one piece, or in the usual groups, with any number of blanks, a hyphen, dot, low
// line or plus in each gap, or with the same comma or slash in all of them; or in other groups, with nothing else in
// the row. Blanks and marks are those of any script, also as escapes of addresses, HTML and JSON; what is not seen is
// not there. Digits beside it do not hide it. It is none as a part of something else: of a longer word ("AB4970…"), of
// an identifier with letters ("ORD-4970…", a UUID), of a decimal, of an IBAN; nor is the number of a French company's
// office. 13-digit Visa cards are no longer issued, and a tenth of all EAN-13 look like one. What can't be told apart
// is in docs/card-numbers.md.
//
// Pure functions; any thread. The work is linear in the text, whatever is in it; bytes that are no UTF-8 end a number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::base {

/// Passes the Luhn check (ISO/IEC 7812-1 annex B); `digits` must be digits.
[[nodiscard]] bool luhn_valid(std::string_view digits);

/// A card number found in a text: its bytes there, and its digits in ASCII.
struct CardPlace {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string digits;
};

/// In their order, none over another.
[[nodiscard]] std::vector<CardPlace> find_card_numbers(std::string_view text);
[[nodiscard]] bool contains_card_number(std::string_view text);
/// `text` with each of them replaced by its first six digits, X and its last four. Masked text has none left.
[[nodiscard]] std::string mask_card_numbers(std::string_view text);

}  // namespace acquit::base

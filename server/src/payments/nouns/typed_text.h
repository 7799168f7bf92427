// What people and their browsers put into fields for digits, read as they meant it: digits of any script, blanks,
// dashes and dots of any kind, with the invisible characters that come along with a paste. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace acquit::payments {

/// Digits of every script as 0 to 9, blanks as ' ', dashes as '-', dots as '.', slashes as '/'; invisible characters
/// are left out, all others stay. Broken UTF-8 becomes '?', so that it passes for nothing.
[[nodiscard]] std::string plain_text(std::string_view typed);

/// The digits of a card number or a security code; blanks, dashes, dots and slashes between them don't count. Whatever
/// else is there stays, for the caller to refuse.
[[nodiscard]] std::string typed_digits(std::string_view typed);

/// Month and year of "12/30", "12 / 2030", "2030-12", "1230", "122030", "203012", "12.30", "2030年12月"…; both empty if
/// nothing was typed, and what can't be one of these comes back as a month that is none.
[[nodiscard]] std::pair<std::string, std::string> split_expiry(std::string_view typed);

/// A name with single blanks, without blanks around it and without invisible characters.
[[nodiscard]] std::string typed_name(std::string_view typed);

}  // namespace acquit::payments

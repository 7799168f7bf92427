// A card as it was typed: its rules, its brand. Pure; the number never leaves the Pan.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace acquit::payments {

/// What the buyer or the shop typed, unchecked.
struct TypedCard {
  base::Pan number;          ///< As typed_text.h reads it.
  std::string expiry_month;  ///< "1" to "12", leading zero allowed.
  std::string expiry_year;   ///< Two or four digits.
  base::SecurityCode security_code;
  std::string holder;
  std::string method;  ///< The brand that the buyer chose; empty: ours to detect.
};

struct CardEntry {
  base::Pan pan;
  int expiry_year = 0;
  int expiry_month = 0;
  base::SecurityCode security_code;
  std::string holder;
  std::string method;
};

/// Checks length, Luhn, expiry and security code. Errors name the field as the page calls it: card_number, expiry,
/// security_code, card_holder; all of them, in the order of the page.
struct CardProblems {
  std::vector<base::Error> errors;
};
[[nodiscard]] std::expected<CardEntry, CardProblems> check_card(const TypedCard& typed, base::Time now);

/// The brands that a number may be paid as, the preferred one first: a CB card is also VISA or MASTERCARD. Empty if no
/// scheme that we know issues it.
[[nodiscard]] std::vector<std::string_view> brands_of(std::string_view digits);

/// Of the brands that a shop takes, those that some card has beside another of them: CB, VISA and MASTERCARD. Whoever
/// holds such a card may choose (regulation (EU) 2015/751, article 8). Empty if there is nothing to choose.
[[nodiscard]] std::vector<std::string> brands_to_choose(const std::vector<std::string>& offered);

}  // namespace acquit::payments

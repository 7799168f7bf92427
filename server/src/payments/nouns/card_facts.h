// What is known of a card by its number: who issued it, where, as what. Plain values, empty where nothing is known.
#pragma once

#include <string>
#include <string_view>

namespace acquit::payments {

struct CardFacts {
  std::string country;   ///< Of the issuer, ISO 3166 alpha-2.
  std::string product;   ///< The scheme's code, at most three letters or digits: F, A, MCW.
  std::string nature;    ///< C credit, D debit, P prepaid.
  std::string category;  ///< CONSUMER or COMMERCIAL, as the table says it.
  std::string bank_code;
  std::string bank_label;
  friend bool operator==(const CardFacts&, const CardFacts&) = default;
};
/// One line of text for the database, and back. Unknown parts are ignored.
[[nodiscard]] std::string to_text(const CardFacts& facts);
[[nodiscard]] CardFacts parse_card_facts(std::string_view text);

}  // namespace acquit::payments

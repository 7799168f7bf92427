// The sandbox's cards: what its bank answers to the test card numbers that the shops' manuals name.
//
// Authentication is another matter: these are the answers of the issuer once it is asked. Constants.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace acquit::sandbox {

enum class CardRule : std::uint8_t {
  approve,
  decline,
  decline_above_zero,     ///< A verification is fine, money is not.
  require_authentication  ///< Soft decline without proof of 3-D Secure, approved with it.
};

struct TestCard {
  std::string_view number;
  CardRule rule;
  std::string_view code;  ///< Answered when the rule says no.
  std::string_view use;   ///< For people.
};

/// The numbers of lyra.md §5.1 and §5.3 and of paybox.md §6, and one of our own for the soft decline.
[[nodiscard]] std::span<const TestCard> test_cards();

/// Nothing for any other card.
[[nodiscard]] const TestCard* find_test_card(std::string_view number);

}  // namespace acquit::sandbox

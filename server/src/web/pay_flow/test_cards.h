// The test cards that the pay page offers in TEST mode (lyra.md §5): number and what happens with it.
#pragma once

#include <array>
#include <string_view>

namespace acquit::web {

struct OfferedTestCard {
  std::string_view number;
  std::string_view scenario_key;  ///< Of the catalogues.
};

inline constexpr auto kTestCards = std::to_array<OfferedTestCard>({
    {"4970100000000055", "test_card_accepted"},
    {"4970100000000014", "test_card_challenge"},
    {"4970100000000063", "test_card_refused"},
    {"5970100300000067", "test_card_accepted"},
    {"5970100300000018", "test_card_challenge"},
    {"5970100300000075", "test_card_refused"},
    {"5000550000000052", "test_card_accepted"},
    {"5000550000000060", "test_card_refused"},
    {"4917480000000057", "test_card_accepted"},
    {"4917480000000065", "test_card_refused"},
    {"375900000010015", "test_card_challenge"},
});

}  // namespace acquit::web

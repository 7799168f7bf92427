// The test cards that the pay page offers in TEST mode (lyra.md §5): number and what happens with it.
#pragma once

#include <span>
#include <string_view>

namespace acquit::web {

struct OfferedTestCard {
  std::string_view number;
  std::string_view scenario;  ///< Key of the catalogues.
};

[[nodiscard]] std::span<const OfferedTestCard> offered_test_cards();

}  // namespace acquit::web

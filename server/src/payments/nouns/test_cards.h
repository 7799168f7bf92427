// The numbers that only stand for cards: what shops of this family try payments with (lyra.md §5), and the further ones
// of the simulated bank.
#pragma once

#include <string_view>

namespace acquit::payments {

/// One of them. Nobody is harmed by trying these in TEST, and integrators have them refused on purpose.
[[nodiscard]] bool is_test_card(std::string_view digits);

}  // namespace acquit::payments

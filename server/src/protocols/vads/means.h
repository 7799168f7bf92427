// The means of payment of this family of protocols, known by name (lyra.md §1.11 and the lists of the shops' modules):
// a form may name any of them. Those that the shop has no contract for are skipped; a name of no mean is a mistake.
//
// Pure functions; any thread.
#pragma once

#include <string_view>

namespace acquit::vads {

/// `name` in capitals. Credits and gift cards have members by plan and chain, and each mean a twin for tests ("_SB").
[[nodiscard]] bool is_known_mean(std::string_view name);
/// All names but those of such families, separated by blanks, as a page may show them.
[[nodiscard]] std::string_view known_means();

}  // namespace acquit::vads

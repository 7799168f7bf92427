// What shops' code is known to do to a value between signing and sending it (lyra.md §9): for the search of what a shop
// signed instead of what it sent.
//
// Pure functions, each linear in its text; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace acquit::vads {

enum class TransformationKind : std::uint8_t { html, encoding, other };

struct Transformation {
  std::string_view
      name;  ///< As programmers know it: a function of PHP, a standard, an example. The same in all languages.
  TransformationKind kind;
  std::string (*apply)(std::string_view value);  ///< From what was sent to what was signed.
};

[[nodiscard]] std::span<const Transformation> transformations();

}  // namespace acquit::vads

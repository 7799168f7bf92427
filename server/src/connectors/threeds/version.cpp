#include "connectors/threeds/version.h"

#include <algorithm>
#include <array>

namespace acquit::threeds {
namespace {
constexpr std::array<std::string_view, 2> kVersions{"2.1.0", "2.2.0"};
}

std::string_view to_string(Version version) { return kVersions[static_cast<std::size_t>(version)]; }

std::optional<Version> parse_version(std::string_view text) {
  const auto* found = std::ranges::find(kVersions, text);
  if (found == kVersions.end()) return std::nullopt;
  return static_cast<Version>(found - kVersions.begin());
}

}  // namespace acquit::threeds

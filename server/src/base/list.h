// Lists within a text: their parts between separators. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

namespace acquit::base {

/// Empty parts too: one separator parts two.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace acquit::base

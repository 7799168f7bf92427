// Lists within a text: parts with a separator between two. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace acquit::base {

/// Empty parts too: one separator parts two.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// One part more; the first without separator.
void append_part(std::string& list, std::string_view part, std::string_view separator);

/// Parts are texts; empty ones stand, too.
template <class Parts>
[[nodiscard]] std::string join(const Parts& parts, std::string_view separator) {
  std::string list;
  bool first = true;
  for (const std::string_view part : parts) {
    if (!first) list += separator;
    first = false;
    list += part;
  }
  return list;
}

}  // namespace acquit::base

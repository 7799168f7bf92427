// Text within HTML. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace acquit::base {

/// Escapes & < > " ' for text and attributes.
[[nodiscard]] std::string html_escape(std::string_view text);

}  // namespace acquit::base

// Template sources before they are parsed: which parts of mustache are allowed, and partials put in. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace acquit::templates::impl {

/// From name ("pay/card", "partials/head") to source text.
using Sources = std::map<std::string, std::string_view, std::less<>>;

/// The source of `name` with all partials put in. configuration_invalid on a partial that is unknown or includes
/// itself, on unescaped output ({{{x}}}, {{& x}}) and on set delimiters.
[[nodiscard]] base::Result<std::string> expand(const Sources& sources, std::string_view name);

/// What stands between {{ and }}, without the leading #, ^ or / and without blanks.
[[nodiscard]] std::vector<std::string> tags(std::string_view source);

}  // namespace acquit::templates::impl

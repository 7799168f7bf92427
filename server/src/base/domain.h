// Names of hosts in other letters than DNS's. Pure; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace acquit::base {

/// `domain` (UTF-8) as it stands in DNS: "caf\u00e9.example" becomes "xn--caf-dma.example" (UTS 46, non-transitional),
/// printable ASCII stays as it is. Nothing where it can't be a name.
[[nodiscard]] std::optional<std::string> ascii_domain(std::string_view domain);

}  // namespace acquit::base

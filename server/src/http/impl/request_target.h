// The request target: from the bytes of the request line to a decoded path and a raw query. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace acquit::http {

struct Target {
  std::string path;  ///< Begins with '/', percent-decoded once, valid UTF-8 without control characters or dot segments.
  std::string query;  ///< As sent, without '?'.
};

/// Origin form ("/a?b") or absolute form ("http://host/a?b"). Errors: field_format; the detail names the rule.
[[nodiscard]] base::Result<Target> parse_target(std::string_view target);

}  // namespace acquit::http

// The line by which each of the programs tells that it is ready, in JSON. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace acquit::app {

/// {"server":"http://…"}; with the sandbox's address where there is one.
[[nodiscard]] std::string ready_json(std::string_view server, std::string_view sandbox = {});
/// {"url":"http://…"}
[[nodiscard]] std::string url_json(std::string_view url);
/// The value of a text member of the object in a line such as "ready {…}". Errors: protocol_violation.
[[nodiscard]] base::Result<std::string> text_member(std::string_view line, std::string_view name);

}  // namespace acquit::app

// `acquit add-shop` and `acquit close-contract`. Running servers see both within five seconds.
#pragma once

#include <string>

#include "app/desk.h"
#include "base/result.h"

namespace acquit::app {

/// Writes the shop of the file and answers with the form keys that it made, which nothing shows again. Errors:
/// configuration_invalid with every fault of the file; already_exists; constraint_violated.
[[nodiscard]] base::Result<std::string> add_shop(Desk& desk, const std::string& file);
/// Errors: field_format, not_found, wrong_state (closed already).
[[nodiscard]] base::Result<std::string> close_contract(Desk& desk, const std::string& shop, std::int64_t contract);

}  // namespace acquit::app

// `acquit rotate-data-key` and `acquit rewrap-vault`: new keys for the vault. Each answers with what to do next.
#pragma once

#include <string>

#include "app/desk.h"
#include "base/result.h"

namespace acquit::app {

[[nodiscard]] base::Result<std::string> rotate_data_key(Desk& desk);
/// Errors: configuration_invalid (the file holds no key, or the one in use).
[[nodiscard]] base::Result<std::string> rewrap_vault(Desk& desk, const std::string& new_master_key_file,
                                                     const std::string& present_file);

}  // namespace acquit::app

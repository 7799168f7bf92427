// Servers of others, started for tests: as another user where we are root, which they refuse to run as.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace acquit::db::testing {

/// Starts a program that ends with us; what it says goes to `log`.
[[nodiscard]] pid_t spawn_server(const std::vector<std::string>& command, const std::filesystem::path& log);

/// A new directory below `where` that such a program owns.
[[nodiscard]] std::filesystem::path make_server_directory(const std::filesystem::path& where);

}  // namespace acquit::db::testing

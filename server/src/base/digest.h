// Hashes, MACs and constant-time comparison, by OpenSSL. Pure functions, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace acquit::base {

using Sha1 = std::array<std::byte, 20>;
using Sha256 = std::array<std::byte, 32>;

[[nodiscard]] Sha1 sha1(std::string_view data);
[[nodiscard]] Sha256 sha256(std::string_view data);
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view data);
/// Time depends on the lengths only.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace acquit::base

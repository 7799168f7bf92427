// "host:port" as text: the one reader of such addresses; and who is one subscriber. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace acquit::net {

struct HostPort {
  std::string host;  ///< Without brackets.
  std::uint16_t port = 0;
};

/// "127.0.0.1:80", "[::1]:0", "bank.example:5000". Errors: configuration_invalid.
[[nodiscard]] base::Result<HostPort> parse_address(std::string_view text);
/// The inverse: brackets around an IPv6 address.
[[nodiscard]] std::string to_string(const HostPort& address);

/// What counts as one subscriber in limits against abuse: an IPv4 address, mapped into IPv6 or not, or the /64 of an
/// IPv6 address, all of which one line gets. Anything else comes back as it is.
[[nodiscard]] std::string subscriber_of(const std::string& address);

}  // namespace acquit::net

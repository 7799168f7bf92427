// Addresses that a request to a URL from outside must never reach: loopback, private, link-local and the like. Pure.
#pragma once

#include <sys/socket.h>

namespace acquit::net {

/// True unless it is an ordinary public unicast IPv4 or IPv6 address. IPv4 inside IPv6 (mapped, compatible, 6to4,
/// Teredo, NAT64) counts as special whatever it holds.
[[nodiscard]] bool is_special_address(const sockaddr& address);

}  // namespace acquit::net

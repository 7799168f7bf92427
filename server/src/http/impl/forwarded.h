// Who the client is behind trusted proxies: X-Forwarded-For and X-Forwarded-Proto, believed from those only. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "http/message.h"

namespace acquit::http {

/// The one spelling of an IP address (an IPv4 address mapped into IPv6 becomes IPv4); nothing if it is none.
[[nodiscard]] std::optional<std::string> canonical_address(std::string_view text);

using TrustedProxies = std::set<std::string, std::less<>>;  ///< Canonical addresses.

struct Origin {
  std::string address;
  bool secure = false;
};

/// From the nearest proxy backwards, as long as each is trusted. `peer` is canonical.
[[nodiscard]] Origin find_origin(const Headers& headers, std::string_view peer, bool tls,
                                 const TrustedProxies& trusted);

}  // namespace acquit::http

// Who the client is behind trusted proxies: X-Forwarded-For and X-Forwarded-Proto, believed from those only. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/address_set.h"
#include "http/message.h"

namespace acquit::http {

struct Origin {
  std::string address;
  bool secure = false;
};

/// From the nearest proxy backwards, as long as each is trusted. `peer` is canonical.
[[nodiscard]] Origin find_origin(const Headers& headers, std::string_view peer, bool tls, const AddressSet& trusted);

}  // namespace acquit::http

#include "http/impl/forwarded.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace acquit::http {
namespace {

// The values of a list header, over all its lines, in order.
std::vector<std::string_view> list_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [header, value] : headers) {
    if (header != name) continue;
    for (const std::string_view part : base::split(value, ',')) values.push_back(base::trim(part));
  }
  return values;
}

}  // namespace

std::optional<std::string> canonical_address(std::string_view text) {
  const std::string copy(text);
  in_addr v4{};
  in6_addr v6{};
  char out[INET6_ADDRSTRLEN] = {};
  if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) {
    inet_ntop(AF_INET, &v4, out, sizeof out);
  } else if (inet_pton(AF_INET6, copy.c_str(), &v6) == 1) {
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
      inet_ntop(AF_INET, &v6.s6_addr[12], out, sizeof out);
    } else {
      inet_ntop(AF_INET6, &v6, out, sizeof out);
    }
  } else {
    return std::nullopt;
  }
  return out;
}

Origin find_origin(const Headers& headers, std::string_view peer, bool tls, const TrustedProxies& trusted) {
  Origin origin{.address = std::string(peer), .secure = tls};
  if (!trusted.contains(peer)) return origin;
  auto chain = list_of(headers, "x-forwarded-for");
  while (!chain.empty() && trusted.contains(origin.address)) {
    auto before = canonical_address(chain.back());
    if (!before) break;
    origin.address = *std::move(before);
    chain.pop_back();
  }
  const auto protocols = list_of(headers, "x-forwarded-proto");
  if (!protocols.empty()) origin.secure = base::ascii_lower(protocols.back()) == "https";
  return origin;
}

}  // namespace acquit::http

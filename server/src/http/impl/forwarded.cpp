#include "http/impl/forwarded.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"
#include "base/list.h"

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

Origin find_origin(const Headers& headers, std::string_view peer, bool tls, const AddressSet& trusted) {
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

#include "payments/card_tries.h"

#include <arpa/inet.h>

#include <array>
#include <string_view>

namespace acquit::payments {
namespace {

constexpr std::size_t kSubnetBytes = 8;  // A /64: who has one IPv6 address has all of its subnet.
constexpr std::string_view kMapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

// What counts as one address: the four bytes of IPv4, mapped into IPv6 or not, or the subnet of IPv6.
std::string subject_of(const std::string& address) {
  std::array<char, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return {bytes.data(), sizeof(in_addr)};
  // An address of a link may come with the name of its interface.
  if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), bytes.data()) != 1) return address;
  const std::string_view whole(bytes.data(), bytes.size());
  return std::string(whole.starts_with(kMapped) ? whole.substr(kMapped.size()) : whole.substr(0, kSubnetBytes));
}

}  // namespace

base::Result<void> CardTries::count(const std::string& card_fingerprint, const std::string& address) {
  if (!address.empty() && !addresses_.allow(subject_of(address), limits_.per_address)) {
    return base::fail(base::ErrorCode::rate_limited,
                      "too many cards were tried from this address; try again in an hour", "address");
  }
  if (!cards_.allow(card_fingerprint, limits_.per_card)) {
    return base::fail(base::ErrorCode::rate_limited, "this card was tried too often; try again in an hour",
                      "card_number");
  }
  return {};
}

}  // namespace acquit::payments

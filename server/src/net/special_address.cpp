#include "net/special_address.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace acquit::net {
namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24U | b << 16U | c << 8U | d;
}

// IANA's special-purpose registry (RFC 6890 and updates), plus multicast and the reserved rest.
constexpr auto kSpecial4 = std::to_array<Range4>({
    {ip(0, 0, 0, 0), 8},        // This network, unspecified.
    {ip(10, 0, 0, 0), 8},       // Private.
    {ip(100, 64, 0, 0), 10},    // Carrier-grade NAT.
    {ip(127, 0, 0, 0), 8},      // Loopback.
    {ip(169, 254, 0, 0), 16},   // Link-local; cloud metadata at 169.254.169.254.
    {ip(172, 16, 0, 0), 12},    // Private.
    {ip(192, 0, 0, 0), 24},     // Protocol assignments.
    {ip(192, 0, 2, 0), 24},     // Documentation.
    {ip(192, 88, 99, 0), 24},   // 6to4 relays.
    {ip(192, 168, 0, 0), 16},   // Private.
    {ip(198, 18, 0, 0), 15},    // Benchmarks.
    {ip(198, 51, 100, 0), 24},  // Documentation.
    {ip(203, 0, 113, 0), 24},   // Documentation.
    {ip(224, 0, 0, 0), 3},      // Multicast, reserved, broadcast.
});

struct Range6 {
  std::array<std::uint16_t, 3> begin;  // The first 48 bits.
  int bits;
};

// Within 2000::/3, the only range of global unicast: what of it is special after all.
constexpr auto kSpecial6 = std::to_array<Range6>({
    {{0x2001, 0x0000, 0}, 23},  // Protocol assignments, Teredo.
    {{0x2001, 0x0db8, 0}, 32},  // Documentation.
    {{0x2002, 0x0000, 0}, 16},  // 6to4.
    {{0x3fff, 0x0000, 0}, 20},  // Documentation.
});

bool is_special4(std::uint32_t address) {
  return std::ranges::any_of(kSpecial4,
                             [&](const Range4& range) { return (address ^ range.network) >> (32 - range.bits) == 0; });
}

bool is_special6(const in6_addr& address) {
  const auto word = [&](std::size_t i) {
    return static_cast<std::uint64_t>(address.s6_addr[2 * i]) << 8U | address.s6_addr[2 * i + 1];
  };
  if (word(0) >> 13U != 1) return true;
  const std::uint64_t begin = word(0) << 32U | word(1) << 16U | word(2);
  return std::ranges::any_of(kSpecial6, [&](const Range6& range) {
    const std::uint64_t network = static_cast<std::uint64_t>(range.begin[0]) << 32U |
                                  static_cast<std::uint64_t>(range.begin[1]) << 16U | range.begin[2];
    return (begin ^ network) >> (48 - range.bits) == 0;
  });
}

}  // namespace

bool is_special_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_special4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return is_special6(v6.sin6_addr);
  }
  return true;
}

}  // namespace acquit::net

#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "base/number.h"

namespace acquit::net {
namespace {

constexpr std::size_t kSubnetBytes = 8;

std::string printed(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  return inet_ntop(family, address, out.data(), out.size());
}

}  // namespace

base::Result<HostPort> parse_address(std::string_view text) {
  const auto invalid = [&] {
    return base::fail(base::ErrorCode::configuration_invalid,
                      "\"" + std::string(text) + "\" is not an address; write host:port, or [IPv6 address]:port");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid();
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto port = base::parse_int<std::uint16_t>(text.substr(colon + 1));
  const bool ambiguous = !bracketed && host.find(':') != std::string_view::npos;
  if (host.empty() || !port || ambiguous || host.find_first_of("[]/ \t\r\n") != std::string_view::npos)
    return invalid();
  return HostPort{.host = std::string(host), .port = *port};
}

std::string to_string(const HostPort& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

std::string subscriber_of(const std::string& address) {
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return printed(AF_INET, &v4);
  in6_addr v6{};
  // An address of a link may come with the name of its interface.
  if (inet_pton(AF_INET6, address.substr(0, address.find('%')).c_str(), &v6) != 1) return address;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return printed(AF_INET, &v6.s6_addr[12]);
  std::fill(std::begin(v6.s6_addr) + kSubnetBytes, std::end(v6.s6_addr), std::uint8_t{0});
  return printed(AF_INET6, &v6) + "/64";
}

}  // namespace acquit::net

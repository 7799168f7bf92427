#include "net/address.h"

#include "base/text.h"

namespace acquit::net {

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

}  // namespace acquit::net

// AddressSet: IP addresses and networks, as an operator lists them: "127.0.0.1", "10.0.0.0/8", "2001:db8::/32".
//
// An IPv4 address mapped into IPv6 is the IPv4 address. A value; safe to read from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace acquit::http {

/// The one spelling of an IP address (an IPv4 address mapped into IPv6 becomes IPv4); nothing if it is none.
[[nodiscard]] std::optional<std::string> canonical_address(std::string_view text);

class AddressSet {
 public:
  /// Errors: configuration_invalid with `key` as its field, for what is neither an address nor a network.
  [[nodiscard]] static base::Result<AddressSet> parse(const std::vector<std::string>& texts, const std::string& key);
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  using Bytes = std::array<unsigned char, 16>;
  struct Network {
    Bytes bytes;
    std::size_t bits;
  };
  [[nodiscard]] static std::optional<Bytes> bytes_of(std::string_view address);
  [[nodiscard]] static std::optional<Network> network_of(std::string_view text);

  std::vector<Network> networks_;
};

}  // namespace acquit::http

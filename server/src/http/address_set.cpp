#include "http/address_set.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/number.h"

namespace acquit::http {
namespace {

constexpr std::size_t kBits = 128;
constexpr std::size_t kBitsBeforeIpv4 = 96;

/// The first `bits` of both are equal.
template <class Bytes>
bool agree(const Bytes& one, const Bytes& two, std::size_t bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(whole), two.begin())) return false;
  if (bits % 8 == 0) return true;
  return (one[whole] ^ two[whole]) >> (8 - bits % 8) == 0;
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

std::optional<AddressSet::Bytes> AddressSet::bytes_of(std::string_view address) {
  const std::string copy(address);
  Bytes bytes{};
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  bytes[10] = bytes[11] = 0xFF;
  if (inet_pton(AF_INET, copy.c_str(), bytes.data() + 12) == 1) return bytes;
  return std::nullopt;
}

std::optional<AddressSet::Network> AddressSet::network_of(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const std::string_view address = text.substr(0, slash);
  const auto bytes = bytes_of(address);
  if (!bytes) return std::nullopt;
  if (slash == text.size()) return Network{.bytes = *bytes, .bits = kBits};
  const std::size_t before = address.find(':') == std::string_view::npos ? kBitsBeforeIpv4 : 0;
  const auto bits = base::parse_int<std::size_t>(text.substr(slash + 1));
  if (!bits || *bits > kBits - before) return std::nullopt;
  Network network{.bytes = *bytes, .bits = before + *bits};
  // Bits behind the mask are a slip of the pen: 10.1.2.3/8 may have been meant as one address or as ten million.
  Bytes first = network.bytes;
  for (std::size_t bit = network.bits; bit < kBits; ++bit)
    first[bit / 8] &= static_cast<unsigned char>(~(0x80U >> bit % 8));
  if (first != network.bytes) return std::nullopt;
  return network;
}

base::Result<AddressSet> AddressSet::parse(const std::vector<std::string>& texts, const std::string& key) {
  AddressSet set;
  for (const std::string& text : texts) {
    const auto network = network_of(text);
    if (!network) {
      return base::fail(base::ErrorCode::configuration_invalid,
                        key + ": \"" + text +
                            "\" is not an IP address, nor a network such as 10.0.0.0/8 with no bit set behind its mask",
                        key);
    }
    set.networks_.push_back(*network);
  }
  return set;
}

bool AddressSet::contains(std::string_view address) const {
  const auto bytes = bytes_of(address);
  return bytes && std::ranges::any_of(
                      networks_, [&](const Network& network) { return agree(*bytes, network.bytes, network.bits); });
}

}  // namespace acquit::http

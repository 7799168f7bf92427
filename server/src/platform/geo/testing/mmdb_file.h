// A file in MaxMind's format for tests: a few networks, each with its country, in a tree for IPv6 whose first
// ninety-six zero bits lead to IPv4 (maxmind.github.io/MaxMind-DB). Throws where a network is malformed.
#pragma once

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::platform::testing {

class MmdbFile {
 public:
  /// Where the country stands in a record, as several makers have it.
  enum class Layout : std::uint8_t { country_iso_code, registered_country, country_code };

  explicit MmdbFile(Layout layout = Layout::country_iso_code) : layout_(layout) {}

  /// `network`: "192.0.2.0" or "2001:db8::", of `length` bits.
  MmdbFile& add(const std::string& network, std::size_t length, std::string_view country) {
    std::array<std::uint8_t, 16> bytes{};
    const bool ipv6 = network.find(':') != std::string::npos;
    if (::inet_pton(ipv6 ? AF_INET6 : AF_INET, network.c_str(), ipv6 ? bytes.data() : &bytes[12]) != 1)
      throw std::invalid_argument(network);
    const std::size_t bits = ipv6 ? length : 96 + length;
    std::size_t node = 0;
    for (std::size_t i = 0; i + 1 < bits; ++i) {
      const std::size_t side = bit(bytes, i);
      if (nodes_[node][side].node == 0) {
        nodes_[node][side].node = nodes_.size();
        nodes_.emplace_back();
      }
      node = nodes_[node][side].node;
    }
    nodes_[node][bit(bytes, bits - 1)].data = data_.size() + 1;
    data_ += record(country);
    return *this;
  }

  [[nodiscard]] std::string bytes() const {
    std::string out;
    for (const auto& node : nodes_) {
      for (const Side& side : node) out += number(target(side), 3);
    }
    return out + std::string(kGap, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com" + metadata();
  }

 private:
  struct Side {
    std::size_t node = 0;  ///< 0: none; nothing leads back to the root.
    std::size_t data = 0;  ///< Offset and one; 0: none.
  };
  static constexpr std::size_t kGap = 16;

  static std::size_t bit(const std::array<std::uint8_t, 16>& bytes, std::size_t i) {
    return (bytes.at(i / 8) >> (7U - i % 8U)) & 1U;
  }
  [[nodiscard]] std::size_t target(const Side& side) const {
    if (side.data != 0) return nodes_.size() + kGap + side.data - 1;
    return side.node == 0 ? nodes_.size() : side.node;
  }
  static std::string number(std::size_t value, std::size_t size) {
    std::string out;
    for (std::size_t i = size; i > 0; --i) out += static_cast<char>((value >> (8 * (i - 1))) & 0xFFU);
    return out;
  }
  static std::string text(std::string_view value) {
    return static_cast<char>(0x40U + value.size()) + std::string(value);
  }
  static std::string map(std::size_t entries) { return {static_cast<char>(0xE0U + entries)}; }
  static std::string uint16(std::size_t value) { return '\xA2' + number(value, 2); }
  static std::string uint32(std::size_t value) { return '\xC4' + number(value, 4); }
  static std::string uint64(std::size_t value) { return std::string("\x08\x02", 2) + number(value, 8); }

  [[nodiscard]] std::string record(std::string_view country) const {
    switch (layout_) {
      case Layout::country_iso_code: return map(1) + text("country") + map(1) + text("iso_code") + text(country);
      case Layout::registered_country:
        return map(1) + text("registered_country") + map(1) + text("iso_code") + text(country);
      case Layout::country_code: break;
    }
    return map(1) + text("country_code") + text(country);
  }
  [[nodiscard]] std::string metadata() const {
    return map(9) + text("node_count") + uint32(nodes_.size()) + text("record_size") + uint16(24) + text("ip_version") +
           uint16(6) + text("database_type") + text("Test-Country") + text("languages") + std::string("\x01\x04", 2) +
           text("en") + text("binary_format_major_version") + uint16(2) + text("binary_format_minor_version") +
           uint16(0) + text("build_epoch") + uint64(1'700'000'000) + text("description") + map(1) + text("en") +
           text("test");
  }

  Layout layout_;
  std::vector<std::array<Side, 2>> nodes_{1};
  std::string data_;
};

}  // namespace acquit::platform::testing

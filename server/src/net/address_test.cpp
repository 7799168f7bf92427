#include "net/address.h"

#include <gtest/gtest.h>

namespace acquit::net {
namespace {

TEST(Address, ReadsAndPrints) {
  const struct {
    std::string_view text;
    std::string_view host;
    int port;
  } rows[] = {
      {"127.0.0.1:80", "127.0.0.1", 80},
      {"[::1]:0", "::1", 0},
      {"bank.example:5000", "bank.example", 5000},
      {"0.0.0.0:65535", "0.0.0.0", 65535},
  };
  for (const auto& row : rows) {
    const auto address = parse_address(row.text);
    ASSERT_TRUE(address) << row.text;
    EXPECT_EQ(address->host, row.host);
    EXPECT_EQ(address->port, row.port);
    EXPECT_EQ(to_string(*address), row.text);
  }
}

TEST(Address, RefusesWhatHasNoHostOrPort) {
  for (const std::string_view text : {"", ":", ":80", "host", "host:", "host:-1", "host:65536", "host:http", "::1:80",
                                      "[::1", "[]:80", "a b:80", "http://host:80"}) {
    const auto address = parse_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, base::ErrorCode::configuration_invalid);
  }
}

TEST(Address, TakesALineForOneSubscriber) {
  const struct {
    std::string address;
    std::string_view subscriber;
  } rows[] = {
      {"192.0.2.7", "192.0.2.7"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
      {"2001:db8:1:2::", "2001:db8:1:2::/64"},
      {"fe80::1%eth0", "fe80::/64"},
      {"::1", "::/64"},
      {"", ""},
      {"unix:", "unix:"},
  };
  for (const auto& row : rows) EXPECT_EQ(subscriber_of(row.address), row.subscriber) << row.address;
}

}  // namespace
}  // namespace acquit::net

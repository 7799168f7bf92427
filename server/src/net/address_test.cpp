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

}  // namespace
}  // namespace acquit::net

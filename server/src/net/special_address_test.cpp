#include "net/special_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

namespace acquit::net {
namespace {

bool special(const std::string& text) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) return is_special_address(reinterpret_cast<sockaddr&>(v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
  return is_special_address(reinterpret_cast<sockaddr&>(v6));
}

TEST(SpecialAddress, KnowsTheRanges) {
  for (const auto* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.1",
                           "10.255.255.255",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.9.9.9",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.8",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.7",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "::ffff:127.0.0.1",
                           "::ffff:8.8.8.8",
                           "::8.8.8.8",
                           "64:ff9b::a00:1",
                           "64:ff9b::808:808",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "4000::1"}) {
    EXPECT_TRUE(special(text)) << text;
  }
  for (const auto* text : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",
                           "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
                           "126.255.255.255", "128.0.0.0",       "169.253.255.255",
                           "172.15.255.255",  "172.32.0.0",      "192.167.255.255",
                           "192.169.0.0",     "198.17.255.255",  "198.20.0.0",
                           "223.255.255.255", "2001:200::1",     "2001:4860:4860::8888",
                           "2a00:1450::1",    "2606:4700::1111", "3ffe::1"}) {
    EXPECT_FALSE(special(text)) << text;
  }
}

TEST(SpecialAddress, RefusesOtherFamilies) {
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_TRUE(is_special_address(other));
}

}  // namespace
}  // namespace acquit::net

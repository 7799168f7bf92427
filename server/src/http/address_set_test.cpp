#include "http/address_set.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

TEST(AddressSet, HoldsAddressesAndNetworks) {
  const AddressSet set = AddressSet::parse({"127.0.0.1", "::1", "10.0.0.0/8", "192.168.4.0/22", "2001:db8::/33",
                                            "203.0.113.7/32", "::ffff:198.51.100.0/120"},
                                           "k")
                             .value();
  for (const char* inside : {"127.0.0.1", "::1", "0:0:0:0:0:0:0:1", "10.0.0.0", "10.255.255.255", "192.168.7.255",
                             "2001:db8:7fff::1", "203.0.113.7", "::ffff:10.1.2.3", "198.51.100.9"}) {
    EXPECT_TRUE(set.contains(inside)) << inside;
  }
  for (const char* outside : {"127.0.0.2", "::2", "11.0.0.0", "9.255.255.255", "192.168.8.0", "192.168.3.255",
                              "2001:db8:8000::1", "203.0.113.6", "198.51.101.9", "", "localhost", "10.0.0.0/8"}) {
    EXPECT_FALSE(set.contains(outside)) << outside;
  }
  EXPECT_TRUE(AddressSet::parse({"0.0.0.0/0"}, "k")->contains("8.8.8.8"));
  EXPECT_FALSE(AddressSet::parse({"0.0.0.0/0"}, "k")->contains("2001:db8::1"));
  EXPECT_TRUE(AddressSet::parse({"::/0"}, "k")->contains("2001:db8::1"));
  EXPECT_FALSE(AddressSet::parse({}, "k")->contains("127.0.0.1"));
}

TEST(AddressSet, SaysNoToWhatItCannotRead) {
  for (const char* bad : {"proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "2001:db8::/129",
                          "10.0.0.1/8", "192.168.5.0/22", "2001:db8::1/64", "/8", "10.0.0/8", "010.0.0.1", ""}) {
    const auto set = AddressSet::parse({"127.0.0.1", bad}, "server.trusted_proxies");
    ASSERT_FALSE(set) << bad;
    EXPECT_EQ(set.error().code, base::ErrorCode::configuration_invalid);
    EXPECT_EQ(set.error().field, "server.trusted_proxies");
    EXPECT_NE(set.error().detail.find('"' + std::string(bad) + '"'), std::string::npos) << set.error().detail;
  }
}

}  // namespace
}  // namespace acquit::http

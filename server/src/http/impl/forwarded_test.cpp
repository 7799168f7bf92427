#include "http/impl/forwarded.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

TEST(Forwarded, BelievesTrustedProxiesOnly) {
  const AddressSet trusted = AddressSet::parse({"10.0.0.1", "10.0.0.2", "2001:db8::1"}, "k").value();
  const struct {
    std::string_view peer;
    Headers headers;
    bool tls;
    std::string_view address;
    bool secure;
  } rows[] = {
      {"192.0.2.7", {{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-proto", "https"}}, false, "192.0.2.7", false},
      {"192.0.2.7", {{"x-forwarded-proto", "http"}}, true, "192.0.2.7", true},
      {"10.0.0.1", {}, false, "10.0.0.1", false},
      {"10.0.0.1", {}, true, "10.0.0.1", true},
      {"10.0.0.1", {{"x-forwarded-for", "1.1.1.1"}, {"x-forwarded-proto", "HTTPS"}}, false, "1.1.1.1", true},
      {"10.0.0.1", {{"x-forwarded-proto", "http"}}, true, "10.0.0.1", false},
      // Only the part that trusted proxies wrote counts; the client itself may have sent the rest.
      {"10.0.0.1", {{"x-forwarded-for", "6.6.6.6, 1.1.1.1, 10.0.0.2"}}, false, "1.1.1.1", false},
      {"10.0.0.1", {{"x-forwarded-for", "6.6.6.6, 1.1.1.1"}}, false, "1.1.1.1", false},
      {"10.0.0.1", {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "1.1.1.1"}}, false, "1.1.1.1", false},
      {"10.0.0.1", {{"x-forwarded-for", "1.1.1.1, nonsense"}}, false, "10.0.0.1", false},
      {"2001:db8::1", {{"x-forwarded-for", "::ffff:1.1.1.1"}}, false, "1.1.1.1", false},
      {"10.0.0.1", {{"x-forwarded-for", "2001:DB8:0::2"}}, false, "2001:db8::2", false},
  };
  for (const auto& row : rows) {
    const Origin origin = find_origin(row.headers, row.peer, row.tls, trusted);
    EXPECT_EQ(origin.address, row.address);
    EXPECT_EQ(origin.secure, row.secure) << row.peer;
  }
}

TEST(Forwarded, RefusesWhatIsNoAddress) {
  for (const std::string_view text : {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "host", "1.2.3.4 ", "::g"}) {
    EXPECT_FALSE(canonical_address(text)) << text;
  }
}

}  // namespace
}  // namespace acquit::http

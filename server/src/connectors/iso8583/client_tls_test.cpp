// The line through TLS: what the operator is told where it does not come up. Payments over it: the contract suite.
#include <gmock/gmock.h>

#include "connectors/iso8583/client_fixture.h"
#include "net/testing/certificates.h"

namespace acquit::iso8583 {
namespace {

using ::testing::HasSubstr;

class ClientTlsTest : public ClientTest {
 protected:
  // The log of a client that tries again and again, and never comes to send anything.
  std::string log_of(const net::TlsFiles& bank, const net::TlsFiles& us, const std::string& name) {
    ::testing::internal::CaptureStderr();
    const auto approve = [](const Message& request) { return std::vector{approval(request)}; };
    begin(approve, {.end = {.tls = net::Tls::make(net::Tls::Side::client, us).value(), .name = name}}, {},
          net::Tls::make(net::Tls::Side::server, bank).value());
    EXPECT_TRUE(eventually([&] { return host_->connections() >= 3; }));
    EXPECT_FALSE(client_->ready());
    EXPECT_EQ(host_->count("0800"), 0u);
    sync_wait(client_->stop());
    return ::testing::internal::GetCapturedStderr();
  }

  net::testing::TestAuthority authority_;
  net::testing::TestAuthority stranger_{"Strange CA"};
};

TEST_F(ClientTlsTest, SaysWhyItDoesNotTrustTheBank) {
  auto strange = stranger_.issue("bank");
  strange.ca_file = authority_.ca_file();
  const struct {
    net::TlsFiles bank;
    std::string name;
    std::string reason;
  } rows[] = {
      {authority_.issue("bank"), "bank.example", "hostname mismatch"},
      {strange, "127.0.0.1", "unable to get local issuer certificate"},
      {authority_.issue("old", {.ends_in_s = -60}), "127.0.0.1", "certificate has expired"},
  };
  for (const auto& row : rows) {
    const std::string log = log_of(row.bank, authority_.issue("us"), row.name);
    EXPECT_THAT(log, HasSubstr("acquirer_connect"));
    EXPECT_THAT(log, HasSubstr("its certificate is not accepted"));
    EXPECT_THAT(log, HasSubstr(row.reason));
  }
}

TEST_F(ClientTlsTest, SaysThatTheBankWantsACertificateOfUs) {
  const std::string log = log_of(authority_.issue("bank"), {.ca_file = authority_.ca_file()}, "127.0.0.1");
  EXPECT_THAT(log, HasSubstr("acquirer_link_down"));
  EXPECT_THAT(log, HasSubstr("our certificate is not accepted"));
  EXPECT_THAT(log, HasSubstr("certificate required"));
}

TEST_F(ClientTlsTest, SaysWhenTheBanksCertificateEndsSoon) {
  ::testing::internal::CaptureStderr();
  const auto us = net::Tls::make(net::Tls::Side::client, authority_.issue("us")).value();
  const auto bank = net::Tls::make(net::Tls::Side::server, authority_.issue("bank")).value();
  begin([](const Message& request) { return std::vector{approval(request)}; },
        {.end = {.tls = us, .name = "127.0.0.1"}}, {}, bank);
  ASSERT_TRUE(wait_until_ready());
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("acquirer_link_encrypted"));
  EXPECT_THAT(log, HasSubstr("acquirer_certificate_ends"));
  EXPECT_THAT(log, HasSubstr("days_left=0"));
}

}  // namespace
}  // namespace acquit::iso8583

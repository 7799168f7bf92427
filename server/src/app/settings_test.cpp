#include "app/settings.h"

#include <gtest/gtest.h>

#include <span>

#include "connectors/threeds/areq.h"
#include "net/testing/certificates.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::app {
namespace {

platform::Config config(std::vector<std::string> overrides) { return platform::Config::load("", overrides).value(); }

struct Case {
  std::vector<std::string> overrides;
  const char* key;  // Null: they work.
};

void expect_checks(std::span<const Case> cases) {
  for (const auto& one : cases) {
    const auto checked = check_settings(config(one.overrides));
    const std::string what = testing::PrintToString(one.overrides);
    ASSERT_EQ(checked.has_value(), one.key == nullptr) << what;
    if (checked) continue;
    EXPECT_EQ(checked.error().code, base::ErrorCode::configuration_invalid);
    EXPECT_EQ(checked.error().field, one.key) << what;
    EXPECT_TRUE(checked.error().detail.starts_with(std::string(one.key) + ": must ")) << checked.error().detail;
  }
}

TEST(Settings, KeepTestsAwayFromTheDirectoryForRealMoney) {
  const std::string real = "threeds.directory_url=https://ds.example";
  const std::string test = "threeds.test_directory_url=https://test-ds.example";
  const struct {
    const char* what;
    std::vector<std::string> overrides;
    const char* in_test;
  } rows[] = {
      {"a server for trying things has one for both", {real}, "https://ds.example"},
      {"or one for each", {real, test}, "https://test-ds.example"},
      {"a production server has none for tests", {real, "server.production=true"}, ""},
      {"unless it is told", {real, test, "server.production=true"}, "https://test-ds.example"},
  };
  for (const auto& row : rows) {
    const auto url = [&](merchants::Mode mode) { return threeds_options(config(row.overrides), mode).directory_url; };
    EXPECT_EQ(url(merchants::Mode::test), row.in_test) << row.what;
    EXPECT_EQ(url(merchants::Mode::production), "https://ds.example") << row.what;
  }
}

TEST(Settings, RefuseWhatOnlyTogetherCannotWork) {
  const std::string production = "server.production=true";
  const std::string address = "server.public_url=https://pay.example";
  const std::string line = "acquirer.address=bank.example:5000";
  const Case cases[] = {
      {{}, nullptr},
      {{"server.listen=0.0.0.0:8080"}, "server.public_url"},
      {{"database.report_url=postgresql://standby/acquit"}, "database.report_url"},
      {{"database.report_url=postgresql://standby/acquit", "database.url=postgresql://db/acquit"}, nullptr},
      {{"server.listen=[::]:8080"}, "server.public_url"},
      {{"server.listen=0.0.0.0:8080", address}, nullptr},
      {{"server.listen=0.0.0.0:8080", "server.public_url=http://192.168.1.2:8080/pay"}, nullptr},
      {{production}, "server.public_url"},
      {{production, "server.public_url=http://pay.example"}, "server.public_url"},
      {{production, "server.public_url=https://127.0.0.1:8443"}, "server.public_url"},
      {{production, "server.public_url=https://localhost"}, "server.public_url"},
      {{production, address}, nullptr},
      {{production, address, line}, nullptr},
      {{production, address, line, "acquirer.tls=true"}, nullptr},
      {{production, address, line, "acquirer.tls=false"}, "acquirer.tls"},
      {{production, address, "acquirer.test_address=bank.example:1", "acquirer.tls=false"}, "acquirer.tls"},
      {{production, address, line, "acquirer.clear_in_production=true"}, nullptr},
      {{production, address, line, "acquirer.tls=false", "acquirer.clear_in_production=true"}, nullptr},
      {{production, address, "acquirer.tls=false"}, nullptr},
      {{line, "acquirer.tls=false"}, nullptr},
      {{line, "acquirer.tls_ca_file=ca.pem"}, "acquirer.tls"},
      {{line, "acquirer.tls_ca_file=ca.pem", "acquirer.tls=true"}, nullptr},
      {{line, "acquirer.tls=true", "acquirer.tls_certificate_file=us.pem"}, "acquirer.tls_key_file"},
      {{line, "acquirer.tls=true", "acquirer.test_tls_key_file=us.key"}, "acquirer.test_tls_certificate_file"},
      {{production, address, "threeds.directory_url=http://ds.example"}, "threeds.directory_url"},
      {{production, address, "threeds.directory_url=https://10.0.0.1/ds"}, "threeds.directory_url"},
      {{production, address, "threeds.test_directory_url=https://[::1]/ds"}, "threeds.test_directory_url"},
      {{production, address, "threeds.directory_url=https://ds.example"}, nullptr},
      {{"threeds.directory_url=http://127.0.0.1:18081/ds"}, nullptr},
      {{"threeds.results_listen=127.0.0.1:0"}, "threeds.results_url"},
      {{"threeds.results_listen=127.0.0.1:0", "threeds.results_url=https://r.example"},
       "threeds.results_certificate_file"},
      {{"threeds.results_listen=127.0.0.1:0", "threeds.results_url=http://r.example",
        "threeds.results_certificate_file=a.pem", "threeds.results_key_file=a.key", "threeds.results_ca_file=ca.pem"},
       "threeds.results_url"},
      {{"threeds.results_names=ds.example"}, "threeds.results_listen"},
      {{"threeds.results_ca_file=ca.pem"}, "threeds.results_listen"},
      {{"server.certificate_file=a.pem"}, "server.key_file"},
      {{"server.key_file=a.key"}, "server.certificate_file"},
      {{"server.certificate_file=a.pem", "server.key_file=a.key"}, nullptr},
      {{"server.certificate_file=a.pem", "server.key_file=a.key", "server.public_url=http://pay.example"},
       "server.public_url"},
  };
  expect_checks(cases);
}

TEST(Settings, RefuseACertificateForADirectoryThatWouldNotSeeIt) {
  const Case cases[] = {
      {{"threeds.directory_url=https://ds.example", "threeds.certificate_file=a.pem"}, "threeds.key_file"},
      {{"threeds.directory_url=https://ds.example", "threeds.key_file=a.key"}, "threeds.certificate_file"},
      {{"threeds.directory_url=https://ds.example", "threeds.test_key_file=a.key"}, "threeds.test_certificate_file"},
      {{"threeds.directory_url=https://ds.example", "threeds.certificate_file=a.pem", "threeds.key_file=a.key"},
       nullptr},
      {{"threeds.directory_url=http://ds.example", "threeds.certificate_file=a.pem", "threeds.key_file=a.key"},
       "threeds.directory_url"},
      {{"threeds.ca_file=ca.pem"}, "threeds.directory_url"},
      {{"threeds.test_ca_file=ca.pem"}, "threeds.directory_url"},
      {{"threeds.directory_url=https://ds.example", "threeds.test_ca_file=ca.pem"}, nullptr},
      {{"threeds.directory_url=https://ds.example", "threeds.test_directory_url=http://ds.example",
        "threeds.test_certificate_file=a.pem", "threeds.test_key_file=a.key"},
       "threeds.test_directory_url"},
  };
  expect_checks(cases);
}

TEST(Settings, TellEveryFaultBetweenKeysAtOnce) {
  const auto checked = check_settings(
      config({"server.production=true", "threeds.directory_url=http://ds.example", "server.key_file=a"}));
  ASSERT_FALSE(checked);
  for (const char* const key : {"server.certificate_file: ", "server.public_url: ", "threeds.directory_url: "}) {
    EXPECT_NE(checked.error().detail.find(key), std::string::npos) << key << checked.error().detail;
  }
}

// Whatever passes the checks of the keys must do in the request for which they are.
TEST(Settings, AtTheirLimitsStillMakeAnAreq) {
  const auto longest =
      config({"server.public_url=https://pay.example/" + std::string(180, 'a'),
              "threeds.requestor_id=" + std::string(35, 'r'), "threeds.operator_id=" + std::string(32, 'o')});
  const auto addresses = web::threeds_addresses(longest.text("server.public_url"), {});
  const auto options = threeds_options(longest, merchants::Mode::production);
  const auto areq = threeds::build_areq(
      {.server_transaction_id = "5201a899-749a-4300-841b-24a870565b51",
       .requestor = {.id = longest.text("threeds.requestor_id"), .name = "", .url = "https://shop.example"},
       .merchant =
           {.acquirer_bin = "400551", .acquirer_merchant_id = "1", .name = "", .category_code = "5411", .country = 250},
       .card = {.pan = base::Pan("4970100000000055"), .expiry_year = 0, .expiry_month = 0, .holder = ""},
       .amount = base::Money(1230, *base::Currency::from_code("EUR")),
       .purchase_time = base::time_from_ms(1'767'323'045'678),
       .browser = {},
       .notification_url = addresses.challenge_done,
       .results_url = addresses.results({.shop = base::ShopId(12345678), .secret = "0123456789012345678901"})},
      {.reference_number = options.reference_number, .operator_id = options.operator_id});
  EXPECT_TRUE(areq) << areq.error().field;
}

TEST(Settings, GiveTheLineTheDialectOfItsHost) {
  const auto plain = acquirer_options(config({}));
  EXPECT_EQ(plain.format.padding, iso8583::Padding::left);
  EXPECT_FALSE(plain.format.currency_ascii);
  EXPECT_EQ(plain.echoes, iso8583::Echoes::all);
  const auto other = acquirer_options(config({"acquirer.numerics=bcd", "acquirer.bcd_padding=right",
                                              "acquirer.currency_ascii=true", "acquirer.lacking_echoes=true"}));
  EXPECT_EQ(other.format.numerics, iso8583::Numerics::bcd);
  EXPECT_EQ(other.format.padding, iso8583::Padding::right);
  EXPECT_TRUE(other.format.currency_ascii);
  EXPECT_EQ(other.echoes, iso8583::Echoes::those_sent);
}

TEST(Settings, EncryptTheLineOfAProductionServerUnlessToldOtherwise) {
  EXPECT_FALSE(speaks_tls(config({})));
  EXPECT_TRUE(speaks_tls(config({"acquirer.tls=true"})));
  EXPECT_TRUE(speaks_tls(config({"server.production=true"})));
  EXPECT_FALSE(speaks_tls(config({"server.production=true", "acquirer.clear_in_production=true"})));
}

TEST(Settings, GiveEachLineItsCertificatesAndName) {
  net::testing::TestAuthority authority;
  const auto us = authority.issue("us");
  const auto test = authority.issue("test");
  std::vector<std::string> lines = {"acquirer.address=bank.example:5000",
                                    "acquirer.test_address=[::1]:5001",
                                    "acquirer.tls=true",
                                    "acquirer.tls_ca_file=" + us.ca_file,
                                    "acquirer.tls_certificate_file=" + us.certificate_file,
                                    "acquirer.tls_key_file=" + us.key_file};
  EXPECT_EQ(tls_end(config(lines), /*test=*/false)->name, "bank.example");
  EXPECT_EQ(tls_end(config(lines), /*test=*/true)->name, "::1");
  const auto fault = [&](const std::string& pair, bool for_tests) {
    auto more = lines;
    more.push_back(pair);
    const auto end = tls_end(config(more), for_tests);
    if (end) return std::string();
    EXPECT_EQ(end.error().code, base::ErrorCode::configuration_invalid);
    EXPECT_TRUE(end.error().detail.starts_with(end.error().field + ": ")) << end.error().detail;
    return end.error().field;
  };
  EXPECT_EQ(fault("acquirer.tls_key_file=" + test.key_file, false), "acquirer.tls_key_file")
      << "of another certificate";
  EXPECT_EQ(fault("acquirer.tls_ca_file=none.pem", true), "acquirer.tls_ca_file");
  EXPECT_EQ(fault("acquirer.test_tls_ca_file=none.pem", true), "acquirer.test_tls_ca_file");
  EXPECT_EQ(fault("acquirer.test_tls_ca_file=none.pem", false), "");
  EXPECT_EQ(fault("acquirer.test_tls_key_file=" + test.key_file, true), "acquirer.test_tls_key_file");
  lines.insert(lines.end(),
               {"acquirer.tls_server_name=line.bank.example", "acquirer.test_tls_server_name=test.example"});
  EXPECT_EQ(tls_end(config(lines), /*test=*/false)->name, "line.bank.example");
  EXPECT_EQ(tls_end(config(lines), /*test=*/true)->name, "test.example");
}

TEST(Settings, RefuseAResolverThatIsFasterThanTheAcquirerMayBe) {
  EXPECT_TRUE(
      check_settings(config({"acquirer.time_limit_ms=1500", "acquirer.wait_ms=1000", "payments.resolve_after_s=3"})));
  const auto refused =
      check_settings(config({"acquirer.time_limit_ms=2000", "acquirer.wait_ms=1000", "payments.resolve_after_s=3"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "payments.resolve_after_s");
}

TEST(Settings, KeepFileDescriptorsForBankDatabaseAndShops) {
  const std::uint64_t few = descriptors_needed(config({"server.connections_max=1000"}));
  EXPECT_GT(few, 1000U + kShopCalls + 2 * kDirectoryCalls + kMailCalls);
  EXPECT_EQ(descriptors_needed(config({"server.connections_max=2000"})), few + 1000);
  EXPECT_GT(descriptors_needed(config({"server.connections_max=1000", "database.lanes=10"})), few);
}

}  // namespace
}  // namespace acquit::app

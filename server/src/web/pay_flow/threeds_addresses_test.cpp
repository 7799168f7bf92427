#include "web/pay_flow/threeds_addresses.h"

#include <gtest/gtest.h>

namespace acquit::web {
namespace {

const payments::ResultsAddress kAddress{.shop = base::ShopId(12345678), .secret = "secret"};

TEST(ThreeDsAddresses, StandBelowThePublicAddress) {
  for (const std::string_view url : {"https://pay.example/a", "https://pay.example/a/"}) {
    const auto addresses = threeds_addresses(url, {});
    EXPECT_EQ(addresses.method_done, "https://pay.example/a/3ds/method-done");
    EXPECT_EQ(addresses.challenge_done, "https://pay.example/a/3ds/challenge-done");
    EXPECT_EQ(addresses.results(kAddress), "https://pay.example/a/3ds/results/12345678/secret");
  }
}

TEST(ThreeDsAddresses, TakeResultsToADoorOfTheirOwn) {
  for (const std::string_view door : {"https://results.example:8443/a", "https://results.example:8443/a/"}) {
    const auto addresses = threeds_addresses("https://pay.example", door);
    EXPECT_EQ(addresses.results(kAddress), "https://results.example:8443/a/3ds/results/12345678/secret");
    EXPECT_EQ(addresses.challenge_done, "https://pay.example/3ds/challenge-done") << "browsers have no certificate";
  }
}

}  // namespace
}  // namespace acquit::web

#include "app/settings.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

platform::Config config(std::vector<std::string> overrides) { return platform::Config::load("", overrides).value(); }

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
    const auto url = [&](merchants::Mode mode) {
      return threeds_options(config(row.overrides), mode, "https://pay.example/3ds/results").directory_url;
    };
    EXPECT_EQ(url(merchants::Mode::test), row.in_test) << row.what;
    EXPECT_EQ(url(merchants::Mode::production), "https://ds.example") << row.what;
  }
}

TEST(Settings, RefuseAResolverThatIsFasterThanTheAcquirerMayBe) {
  EXPECT_TRUE(check_settings(config({"acquirer.time_limit_ms=2000", "payments.resolve_after_s=3"})));
  const auto refused = check_settings(config({"acquirer.time_limit_ms=3000", "payments.resolve_after_s=3"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, "payments.resolve_after_s");
}

TEST(Settings, KeepFileDescriptorsForBankDatabaseAndShops) {
  const std::uint64_t few = descriptors_needed(config({"server.connections_max=1000"}));
  EXPECT_GT(few, 1000U + kShopCalls + kBankCalls + kMailCalls);
  EXPECT_EQ(descriptors_needed(config({"server.connections_max=2000"})), few + 1000);
  EXPECT_GT(descriptors_needed(config({"server.connections_max=1000", "database.lanes=10"})), few);
}

}  // namespace
}  // namespace acquit::app

#include "pages/assets.h"

#include <gtest/gtest.h>

#include <set>

namespace acquit::pages {
namespace {

TEST(Assets, HaveDistinctAddressesThatHoldTheirHash) {
  std::set<std::string> paths;
  for (const auto& asset : asset_table()) {
    EXPECT_TRUE(asset.path.starts_with("/pay/static/")) << asset.path;
    EXPECT_TRUE(asset.integrity.starts_with("sha256-")) << asset.path;
    EXPECT_FALSE(asset.content.empty()) << asset.path;
    EXPECT_TRUE(asset.gzip.starts_with("\x1f\x8b")) << asset.path;
    EXPECT_LT(asset.gzip.size(), asset.content.size()) << asset.path;
    EXPECT_LT(asset.brotli.size(), asset.gzip.size()) << asset.path;
    paths.insert(asset.path);
  }
  EXPECT_EQ(paths.size(), asset_table().size());
  EXPECT_EQ(asset("pay.css").content_type, "text/css; charset=utf-8");
  EXPECT_EQ(asset("pay.js").content_type, "text/javascript; charset=utf-8");
  EXPECT_THROW((void)asset("no.css"), std::logic_error);
}

TEST(Assets, HoldALogoForEachBrandOfTheDemoShop) {
  for (const auto* brand : {"CB", "VISA", "MASTERCARD", "MAESTRO", "VISA_ELECTRON", "AMEX"}) {
    EXPECT_FALSE(brand_logo(brand).empty()) << brand;
  }
  EXPECT_EQ(brand_logo("JCB"), "");
  EXPECT_EQ(brand_name("JCB"), "JCB");
  EXPECT_EQ(brand_name("AMEX"), "American Express");
}

TEST(ContentSecurityPolicy, AllowsOnlyWhatThePageNeeds) {
  const auto policy = content_security_policy({});
  EXPECT_TRUE(policy.starts_with("default-src 'none'; base-uri 'none'; img-src 'self'; style-src 'self' 'sha256-"));
  EXPECT_TRUE(policy.ends_with("form-action 'self'; frame-src 'self'; frame-ancestors 'none'; object-src 'none'"));
}

TEST(ContentSecurityPolicy, TakesOriginsAndNothingElse) {
  const auto policy = content_security_policy(
      {.frame_ancestors = {"https://shop.example", "https://a; script-src *", "*", "javascript://x", "https://"},
       .frame_sources = {"https://my_bank.example:8443", "https://user:pw@bank.example"}});
  EXPECT_TRUE(
      policy.ends_with("form-action 'self'; frame-src 'self' https://my_bank.example:8443; "
                       "frame-ancestors https://shop.example; object-src 'none'"))
      << policy;
}

TEST(ContentSecurityPolicy, LetsAFormLeaveForWhereverItsReceiverSendsItOn) {
  // Chromium holds each redirect of a sent form against form-action: the origins can't be listed.
  const auto policy = content_security_policy({.forms_leave = true});
  EXPECT_TRUE(policy.contains("; form-action 'self' https: http:; ")) << policy;
}

TEST(ContentSecurityPolicy, LetsAnybodyFrameAPageWithNothingToPress) {
  EXPECT_EQ(content_security_policy({.any_ancestor = true}).find("frame-ancestors"), std::string::npos);
}

}  // namespace
}  // namespace acquit::pages

#include "base/domain.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(Domain, IsWrittenAsInDns) {
  EXPECT_EQ(ascii_domain("shop.example"), "shop.example");
  EXPECT_EQ(ascii_domain("Shop_1.example:8443"), "Shop_1.example:8443");
  EXPECT_EQ(ascii_domain("café.example"), "xn--caf-dma.example");
  EXPECT_EQ(ascii_domain("BÜCHER.example"), "xn--bcher-kva.example");
  EXPECT_EQ(ascii_domain("straße.example"), "xn--strae-oqa.example");
  EXPECT_EQ(ascii_domain("日本。example"), "xn--wgv71a.example");
  EXPECT_EQ(ascii_domain(""), "");
}

TEST(Domain, IsNoneWhereItCanBeNoName) {
  for (const std::string& text :
       {std::string("caf\xE9.example"), std::string("café .example"), std::string("é_é.example"),
        "é." + std::string(2000, 'a'), "é" + std::string(70, 'a') + ".example"}) {
    EXPECT_EQ(ascii_domain(text), std::nullopt) << text.substr(0, 20);
  }
}

}  // namespace
}  // namespace acquit::base

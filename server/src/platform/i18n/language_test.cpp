#include "platform/i18n/language.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace acquit::i18n {
namespace {

TEST(Language, RoundTripsItsCode) {
  EXPECT_EQ(all_languages().size(), 13U);
  for (const auto language : all_languages()) EXPECT_EQ(language_from_code(code(language)), language);
  EXPECT_EQ(language_from_code("FR"), std::nullopt);
  for (const std::string_view tag : {"fr", "FR", "fr-FR", "fr_CH.UTF-8", "Fr@euro"}) {
    EXPECT_EQ(language_of_tag(tag), Language::fr) << tag;
  }
  for (const std::string_view tag : {"", "-", "fra", "french", "xx-FR", " fr"}) {
    EXPECT_EQ(language_of_tag(tag), std::nullopt) << tag;
  }
  EXPECT_EQ(language_from_code(""), std::nullopt);
  EXPECT_EQ(language_from_code("xx"), std::nullopt);
}

struct NegotiateRow {
  std::string header;
  Language expected;
};

TEST(NegotiateLanguage, FollowsTheBrowsersWishes) {
  constexpr std::array kAllowed = {Language::fr, Language::de, Language::en};
  const NegotiateRow rows[] = {
      {"", Language::fr},
      {"de", Language::de},
      {"de-CH,de;q=0.9,en;q=0.8", Language::de},
      {"EN-us", Language::en},
      {"en;q=0.3, de;q=0.7", Language::de},
      {"en;q=0.85,de;q=0.9", Language::de},
      {"it,es;q=0.9", Language::fr},
      {"it,es;q=0.9,en;q=0.1", Language::en},
      {"de;q=0, en;q=0.1", Language::en},
      {"*", Language::fr},
      {"de;q=0.5,*;q=0.1", Language::de},
      {"en;q=2, de;q=abc", Language::fr},
      {";;;,,,=", Language::fr},
      {"de;level=1", Language::fr},
      {std::string(5000, ',') + "de", Language::fr},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(negotiate_language(row.header, kAllowed, Language::fr), row.expected) << row.header.substr(0, 60);
  }
}

}  // namespace
}  // namespace acquit::i18n

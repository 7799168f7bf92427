#include "platform/i18n/catalogue.h"

#include <gtest/gtest.h>

namespace acquit::i18n {
namespace {

TEST(ParsePo, ReadsTextsPluralsAndContinuedStrings) {
  const auto catalogue = parse_po(
      "# comment\nmsgid \"\"\nmsgstr \"\"\n\"Language: fr\\n\"\n\n"
      "#. note\nmsgid \"a\"\nmsgstr \"one \"\n\"\\\"two\\\"\"\n"
      "msgid \"b\"\nmsgid_plural \"b\"\nmsgstr[0] \"{count} x\"\nmsgstr[1] \"{count} xs\"\n");
  ASSERT_TRUE(catalogue) << catalogue.error().detail;
  ASSERT_EQ(catalogue->size(), 2U);
  EXPECT_EQ(catalogue->at("a").forms, std::vector<std::string>{"one \"two\""});
  EXPECT_TRUE(catalogue->at("b").plural);
  EXPECT_EQ(catalogue->at("b").forms.size(), 2U);
}

TEST(ParsePo, RefusesWhatItCannotRead) {
  const char* const broken[] = {
      "msgid \"a\"\n",
      "msgid a\nmsgstr \"x\"\n",
      "msgid \"a\"\nmsgstr \"x\n",
      "msgid \"a\"\nmsgstr \"x\\q\"\n",
      "msgid \"a\"\nmsgstr \"x\"y\"\n",
      "msgid \"a\"\nmsgstr[0] \"x\"\n",
      "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr \"x\"\n",
      "msgid \"a\"\nmsgid_plural \"a\"\nmsgstr[1] \"x\"\n",
      "msgstr \"x\"\n",
      "\"x\"\n",
      "msgctxt \"x\"\n",
      "msgid\n",
      "msgid \"a\"\nmsgstr \"x\"\nmsgid \"a\"\nmsgstr \"y\"\n",
  };
  for (const auto* text : broken) {
    const auto catalogue = parse_po(text);
    ASSERT_FALSE(catalogue) << text;
    EXPECT_EQ(catalogue.error().code, base::ErrorCode::configuration_invalid);
  }
}

TEST(Fill, ReplacesWhatIsKnownAndNeverLooksInsideAValue) {
  const Arguments arguments = [](std::string_view name) -> std::optional<std::string> {
    if (name == "a") return "{b}";
    if (name == "b") return "no";
    return std::nullopt;
  };
  EXPECT_EQ(fill("{a} and {c}", arguments), "{b} and {c}");
  EXPECT_EQ(fill("open { only", arguments), "open { only");
  EXPECT_EQ(placeholders("{a} and {c}"), (std::vector<std::string>{"a", "c"}));
}

}  // namespace
}  // namespace acquit::i18n

#include "base/percent.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace acquit::base {
namespace {

TEST(Percent, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("É &=+/?\n"), "%C3%89%20%26%3D%2B%2F%3F%0A");
}

TEST(Percent, EncodesByATableInPlaceOfItsOwnRule) {
  PlainBytes plain = kUnreserved;
  plain['/'] = true;
  std::string out = "https:";
  append_percent_encoded(out, "//h/é ü", plain);
  EXPECT_EQ(out, "https://h/%C3%A9%20%C3%BC");
  plain['%'] = true;
  out.clear();
  append_percent_encoded(out, "%/%20é%%", plain);
  EXPECT_EQ(out, "%/%20%C3%A9%%");
}

TEST(Percent, KnowsTheSizeBefore) {
  for (const char* text : {"", "a", "É&", "\xFF~", "%41"}) {
    EXPECT_EQ(percent_encoded_size(text), percent_encode(text).size()) << text;
  }
}

TEST(Percent, DecodesWhatIsEncodedAndLeavesTheRest) {
  struct Row {
    const char* text;
    std::optional<std::string> plain;  // Of a path, where a plus is one.
    std::optional<std::string> form;
  };
  const Row rows[] = {
      {"", "", ""},
      {"a+b", "a+b", "a b"},
      {"%2B%2b", "++", "++"},
      {"%C3%89%00", std::string("É\0", 3), std::string("É\0", 3)},
      {"É \"<\x01", "É \"<\x01", "É \"<\x01"},  // Nothing that the standard would let stand.
      {"%", std::nullopt, std::nullopt},
      {"a%4", std::nullopt, std::nullopt},
      {"%4g", std::nullopt, std::nullopt},
      {"%-1", std::nullopt, std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(percent_decode(row.text), row.plain);
    EXPECT_EQ(form_decode(row.text), row.form);
  }
}

}  // namespace
}  // namespace acquit::base

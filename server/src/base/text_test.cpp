#include "base/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace acquit::base {
namespace {

using namespace std::string_literals;

std::string base64_of(std::string_view text) { return to_base64(as_bytes(text)); }

TEST(Text, Base64MatchesRfc4648) {
  struct Row {
    std::string plain;
    const char* base64;
    const char* base64url;
  };
  const Row rows[] = {
      {"", "", ""},
      {"f", "Zg==", "Zg"},
      {"fo", "Zm8=", "Zm8"},
      {"foo", "Zm9v", "Zm9v"},
      {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
      {"\xFB\xFF\xBE", "+/++", "-_--"},
      {"a\0b"s, "YQBi", "YQBi"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.base64);
    EXPECT_EQ(base64_of(row.plain), row.base64);
    EXPECT_EQ(from_base64(row.base64), row.plain);
    EXPECT_EQ(to_base64url(as_bytes(row.plain)), row.base64url);
    EXPECT_EQ(from_base64url(row.base64url), row.plain);
  }
  EXPECT_EQ(from_base64url("Zg=="), "f");
}

TEST(Text, Base64RefusesTheRest) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==\n", " Zg==", "Z===", "====", "Zg=A", "Zm9v-_==", "Zm9\xC3"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  for (const char* text : {"Z", "Zm9+", "Zm9/", "Zg==A", "Z m8"}) EXPECT_FALSE(from_base64url(text)) << text;
}

TEST(Text, HexTakesBothCasesAndGivesLower) {
  const auto bytes = from_hex("00fFA5");
  ASSERT_TRUE(bytes);
  EXPECT_EQ(to_hex(*bytes), "00ffa5");
  for (const char* text : {"0", "0g", "0x", " 00", "00 "}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Text, SplitKeepsEmptyParts) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ','), Parts{""});
  EXPECT_EQ(split("a", ','), Parts{"a"});
  EXPECT_EQ(split(",a,,b,", ','), (Parts{"", "a", "", "b", ""}));
}

TEST(Text, TrimAndCase) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(ascii_lower("ÀBC-Z9"), "Àbc-z9") << "bytes beyond ASCII stay";
  EXPECT_EQ(ascii_upper("àbc-z9"), "àBC-Z9");
}

TEST(Text, ParseIntIsStrict) {
  EXPECT_EQ(parse_int<int>("42"), 42);
  EXPECT_EQ(parse_int<int>("-7"), -7);
  EXPECT_EQ(parse_int<int>("007"), 7);
  EXPECT_EQ(parse_int<std::uint8_t>("255"), 255);
  for (const char* text : {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "99999999999"}) {
    EXPECT_FALSE(parse_int<int>(text)) << text;
  }
  EXPECT_FALSE(parse_int<std::uint8_t>("256"));
  EXPECT_FALSE(parse_int<unsigned>("-1"));
}

TEST(Text, IsDigitsNeedsOne) {
  EXPECT_TRUE(is_digits("0123456789"));
  for (const char* text : {"", "12a", "-1", "1 2", "١٢"}) EXPECT_FALSE(is_digits(text)) << text;
}

TEST(Text, PutsAMarkInPlaceOfWhatIsNoUtf8) {
  const std::pair<std::string, std::string> rows[] = {
      {"", ""},
      {"Élodie 日本 😀", "Élodie 日本 😀"},
      {"Zo\xC3", "Zo\uFFFD"},                            // Cut off within a character of two bytes,
      {"\xE6\x97", "\uFFFD"},                            // of three,
      {"\xF0\x9F\x98", "\uFFFD"},                        // of four.
      {"\xE9lodie, caf\xE9", "\uFFFDlodie, caf\uFFFD"},  // ISO-8859-1.
      {"\xE9\xE8", "\uFFFD\uFFFD"},
      {"\xC3é", "\uFFFDé"},
      {"a\x80z", "a\uFFFDz"},
      {"\xC0\xAF", "\uFFFD\uFFFD"},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},
      {std::string("a\0\xFF", 3), std::string("a\0\uFFFD", 5)},
  };
  for (const auto& [text, valid] : rows) {
    EXPECT_EQ(valid_utf8(text), valid) << to_hex(as_bytes(text));
    EXPECT_TRUE(is_valid_utf8(valid_utf8(text)));
  }
}

TEST(Text, Utf8IsCheckedAndCountedByCodePoint) {
  struct Row {
    const char* text;
    bool valid;
    std::size_t length;
    const char* first_two;
  };
  const Row rows[] = {
      {"", true, 0, ""},
      {"abc", true, 3, "ab"},
      {"Élodie", true, 6, "Él"},
      {"日本語", true, 3, "日本"},
      {"😀😀😀", true, 3, "😀😀"},
      {"\xC3", false, 0, ""},              // Cut off.
      {"\xC0\xAF", false, 0, ""},          // Overlong.
      {"\xED\xA0\x80", false, 0, ""},      // A surrogate.
      {"\xF4\x90\x80\x80", false, 0, ""},  // Beyond U+10FFFF.
      {"\xFF", false, 0, ""},
      {"a\x80", false, 0, ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(is_valid_utf8(row.text), row.valid);
    if (!row.valid) continue;
    EXPECT_EQ(utf8_length(row.text), row.length);
    EXPECT_EQ(utf8_prefix(row.text, 2), row.first_two);
  }
}

TEST(Text, FormsAreReadInTheirOrder) {
  using Fields = FormFields;
  struct Row {
    const char* body;
    std::optional<Fields> fields;
  };
  const Row rows[] = {
      {"", Fields{}},
      {"a=1&b=2&a=3", Fields{{"a", "1"}, {"b", "2"}, {"a", "3"}}},
      {"a=&b&=c", Fields{{"a", ""}, {"b", ""}, {"", "c"}}},
      {"&&a=1&", Fields{{"a", "1"}}},
      {"a=b=c", Fields{{"a", "b=c"}}},
      {"n=%C3%89lodie+O%27Brien+%2B+Co", Fields{{"n", "Élodie O'Brien + Co"}}},
      {"%61%3d=%26%3D", Fields{{"a=", "&="}}},
      {"a=%", std::nullopt},
      {"a=%4", std::nullopt},
      {"a=%4g", std::nullopt},
      {"%zz=1", std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.body);
    EXPECT_EQ(parse_form(row.body), row.fields);
  }
}

TEST(Text, UrlEncodeLeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(url_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(url_encode("É &=+/?\n"), "%C3%89%20%26%3D%2B%2F%3F%0A");
  EXPECT_EQ(to_form({{"a b", "c&d"}, {"e", ""}}), "a%20b=c%26d&e=");
  for (const FormFields& fields : {FormFields{}, FormFields{{"", ""}}, FormFields{{"a b", "É&"}, {"", "\xFF~"}}}) {
    EXPECT_EQ(form_size(fields), to_form(fields).size());
  }
}

TEST(Text, HtmlEscapeCoversTextAndAttributes) {
  EXPECT_EQ(html_escape("<a href=\"x\" title='y'>&amp;</a>é"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;é");
}

}  // namespace
}  // namespace acquit::base

#include "base/utf8.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/hex.h"

namespace acquit::base {
namespace {

TEST(Utf8, PutsAMarkInPlaceOfWhatIsNoUtf8) {
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

TEST(Utf8, IsCheckedAndCountedByCodePoint) {
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

}  // namespace
}  // namespace acquit::base

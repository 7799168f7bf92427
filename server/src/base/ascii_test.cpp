#include "base/ascii.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(Ascii, TrimAndCase) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(ascii_lower("ÀBC-Z9"), "Àbc-z9") << "bytes beyond ASCII stay";
  EXPECT_EQ(ascii_upper("àbc-z9"), "àBC-Z9");
}

TEST(Ascii, IsDigitsNeedsOne) {
  EXPECT_TRUE(is_digits("0123456789"));
  for (const char* text : {"", "12a", "-1", "1 2", "١٢"}) EXPECT_FALSE(is_digits(text)) << text;
}

TEST(Ascii, ControlsAreNoTextOfALine) {
  for (int byte = 0; byte < 256; ++byte)
    EXPECT_EQ(is_control(static_cast<char>(byte)), byte < 32 || byte == 127) << byte;
  EXPECT_TRUE(has_control("a\tb"));
  EXPECT_FALSE(has_control("a bé"));
  EXPECT_EQ(blank_controls("a\r\n\x7Fé"), "a   é");
}

}  // namespace
}  // namespace acquit::base

#include "base/hex.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(Hex, TakesBothCasesAndGivesLower) {
  const auto bytes = from_hex("00fFA5");
  ASSERT_TRUE(bytes);
  EXPECT_EQ(to_hex(*bytes), "00ffa5");
  for (const char* text : {"0", "0g", "0x", " 00", "00 "}) EXPECT_FALSE(from_hex(text)) << text;
}

}  // namespace
}  // namespace acquit::base

#include "base/number.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace acquit::base {
namespace {

TEST(Number, ParseIntIsStrict) {
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

}  // namespace
}  // namespace acquit::base

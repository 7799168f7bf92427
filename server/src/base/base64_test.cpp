#include "base/base64.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace acquit::base {
namespace {

using namespace std::string_literals;

std::string base64_of(std::string_view text) { return to_base64(as_bytes(text)); }

TEST(Base64, MatchesRfc4648) {
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

TEST(Base64, RefusesTheRest) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg==\n", " Zg==", "Z===", "====", "Zg=A", "Zm9v-_==", "Zm9\xC3"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  for (const char* text : {"Z", "Zm9+", "Zm9/", "Zg==A", "Z m8"}) EXPECT_FALSE(from_base64url(text)) << text;
}

}  // namespace
}  // namespace acquit::base

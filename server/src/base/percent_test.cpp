#include "base/percent.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(Percent, UrlEncodeLeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(url_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(url_encode("É &=+/?\n"), "%C3%89%20%26%3D%2B%2F%3F%0A");
}

}  // namespace
}  // namespace acquit::base

#include "base/list.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace acquit::base {
namespace {

TEST(List, SplitKeepsEmptyParts) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ','), Parts{""});
  EXPECT_EQ(split("a", ','), Parts{"a"});
  EXPECT_EQ(split(",a,,b,", ','), (Parts{"", "a", "", "b", ""}));
}

}  // namespace
}  // namespace acquit::base

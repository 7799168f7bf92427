#include "base/list.h"

#include <gtest/gtest.h>

#include <string>
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

TEST(List, JoinIsTheOppositeOfSplit) {
  for (const char* text : {"", "a", ",a,,b,"}) EXPECT_EQ(join(split(text, ','), ","), text);
  EXPECT_EQ(join(std::vector<std::string>{"a", "b"}, ", "), "a, b");
}

TEST(List, PutsASeparatorBeforeAllPartsButTheFirst) {
  std::string list;
  for (const char* part : {"a", "b", "c"}) append_part(list, part, "; ");
  EXPECT_EQ(list, "a; b; c");
}

}  // namespace
}  // namespace acquit::base

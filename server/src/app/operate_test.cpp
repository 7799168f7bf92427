#include "app/operate.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

TEST(Operate, NamesTheLoginInTheHistory) {
  EXPECT_TRUE(operator_name().starts_with("OPERATOR:"));
  EXPECT_GT(operator_name().size(), std::string_view("OPERATOR:").size());
}

}  // namespace
}  // namespace acquit::app

#include "app/operate.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

TEST(Operate, NamesTheLoginInTheHistory) {
  EXPECT_EQ(operating_user().kind(), base::Actor::Kind::operator_user);
  EXPECT_FALSE(operating_user().id().empty());
}

}  // namespace
}  // namespace acquit::app

#include "app/health.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

TEST(Health, IsToldInOneOfThreeWords) {
  Health health{.database = true, .acquirer = true, .acquirer_fit = true, .acquirer_in_clear = false, .threeds = true};
  EXPECT_EQ(Health::shape().json(health), R"({"status":"ok","database":true,"acquirer":true,"acquirer_fit":true,)"
                                          R"("acquirer_in_clear":false,"threeds":true})");
  health.acquirer = false;
  EXPECT_EQ(health.status(), "ok") << "lines come and go";
  health.acquirer_fit = false;
  EXPECT_EQ(health.status(), "degraded");
  health.acquirer_fit = true;
  health.threeds = false;
  EXPECT_EQ(health.status(), "degraded");
  health.database = false;
  EXPECT_EQ(health.status(), "failing");
}

}  // namespace
}  // namespace acquit::app

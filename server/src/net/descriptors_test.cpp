#include "net/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <limits>

namespace acquit::net {
namespace {

class DescriptorsTest : public testing::Test {
 protected:
  DescriptorsTest() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~DescriptorsTest() override { ::setrlimit(RLIMIT_NOFILE, &before_); }
  static rlim_t soft() {
    rlimit now{};
    ::getrlimit(RLIMIT_NOFILE, &now);
    return now.rlim_cur;
  }
  static void set_soft(rlim_t value) {
    rlimit now{};
    ::getrlimit(RLIMIT_NOFILE, &now);
    now.rlim_cur = value;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &now), 0);
  }

  rlimit before_{};
};

TEST_F(DescriptorsTest, RaisesTheSoftLimitToWhatIsNeeded) {
  set_soft(100);
  ASSERT_TRUE(allow_descriptors(200));
  EXPECT_EQ(soft(), 200U);
}

TEST_F(DescriptorsTest, LeavesALimitThatIsHighEnough) {
  set_soft(200);
  ASSERT_TRUE(allow_descriptors(100));
  EXPECT_EQ(soft(), 200U);
}

TEST_F(DescriptorsTest, SaysWhatTheHardLimitAllows) {
  const auto allowed = allow_descriptors(std::numeric_limits<std::uint64_t>::max() - 1);
  ASSERT_FALSE(allowed);
  EXPECT_EQ(allowed.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_NE(allowed.error().detail.find(std::to_string(before_.rlim_max)), std::string::npos) << allowed.error().detail;
}

}  // namespace
}  // namespace acquit::net

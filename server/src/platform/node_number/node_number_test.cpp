#include "platform/node_number/node_number.h"

#include <gtest/gtest.h>

#include <set>

#include "base/manual_clock.h"
#include "db/testing/temporary_database.h"

namespace acquit::platform {
namespace {

using base::sync_wait;

class NodeNumberTest : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = db::testing::TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    database_ = db::Database::open(place_->options(), executor_).value();
  }
  NodeNumber node() { return {*database_, clock_, random_}; }

  base::InlineExecutor executor_;
  base::ManualClock clock_;
  base::SeededRandom random_{3};
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
};
INSTANTIATE_TEST_SUITE_P(BothEngines, NodeNumberTest, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(NodeNumberTest, IsEachNodesOwn) {
  std::vector<NodeNumber> nodes;
  std::set<int> numbers;
  for (int i = 0; i < NodeNumber::kNumbers; ++i) {
    nodes.push_back(node());
    numbers.insert(sync_wait(nodes.back().take()).value());
  }
  EXPECT_EQ(numbers.size(), 100U);
  EXPECT_EQ(*numbers.begin(), 0);
  EXPECT_EQ(*numbers.rbegin(), 99);
  NodeNumber late = node();
  EXPECT_EQ(sync_wait(late.take()).error().code, base::ErrorCode::configuration_invalid);
  ASSERT_TRUE(sync_wait(nodes[41].give_back()));
  EXPECT_EQ(sync_wait(late.take()).value(), 41);
}

TEST_P(NodeNumberTest, StaysWhileItIsKeptAndGoesAfterACrash) {
  NodeNumber one = node();
  ASSERT_EQ(sync_wait(one.take()).value(), 0);
  clock_.advance(NodeNumber::kLease - base::Milliseconds(1));
  ASSERT_EQ(sync_wait(one.keep()).value(), 0);
  clock_.advance(NodeNumber::kLease - base::Milliseconds(1));
  NodeNumber two = node();
  EXPECT_EQ(sync_wait(two.take()).value(), 1);
  clock_.advance(base::Milliseconds(1));
  NodeNumber three = node();
  EXPECT_EQ(sync_wait(three.take()).value(), 0);
  EXPECT_EQ(sync_wait(one.keep()).value(), 2) << "who lost its number takes another";
  EXPECT_EQ(sync_wait(three.keep()).value(), 0);
  EXPECT_EQ(sync_wait(one.keep()).value(), 2);
}

TEST_P(NodeNumberTest, HasNoneWhileAllAreTakenAndTakesTheNextThatIsFree) {
  NodeNumber late = node();
  ASSERT_EQ(sync_wait(late.take()).value(), 0);
  clock_.advance(NodeNumber::kLease);
  std::vector<NodeNumber> nodes;
  for (int i = 0; i < NodeNumber::kNumbers; ++i) {
    nodes.push_back(node());
    ASSERT_TRUE(sync_wait(nodes.back().take()));
  }
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(sync_wait(late.keep()).error().code, base::ErrorCode::configuration_invalid);
  }
  EXPECT_TRUE(sync_wait(late.give_back())) << "it has none";
  EXPECT_EQ(sync_wait(nodes[0].keep()).value(), 0) << "and gave no other node's back";
  ASSERT_TRUE(sync_wait(nodes[7].give_back()));
  EXPECT_EQ(sync_wait(late.keep()).value(), 7);
}

}  // namespace
}  // namespace acquit::platform

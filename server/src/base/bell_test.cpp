#include "base/bell.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "base/task.h"

namespace acquit::base {
namespace {

// Runs nothing by itself; whoever sleeps does so until its time is declared over or it is hurried.
class Sleepers final : public Executor {
 public:
  void post(std::coroutine_handle<> handle) override { ready_.push_back(handle); }
  void post_after(Milliseconds delay, std::coroutine_handle<> handle) override { asleep_[handle.address()] = delay; }
  void hurry(std::coroutine_handle<> handle) override {
    if (asleep_.erase(handle.address()) > 0) ready_.push_back(handle);
  }
  void let_time_pass() {
    for (const auto& [address, delay] : std::exchange(asleep_, {}))
      ready_.push_back(std::coroutine_handle<>::from_address(address));
  }
  void run_what_is_ready() {
    while (!ready_.empty()) {
      const auto handle = ready_.front();
      ready_.pop_front();
      handle.resume();
    }
  }
  [[nodiscard]] std::size_t asleep() const { return asleep_.size(); }

 private:
  std::deque<std::coroutine_handle<>> ready_;
  std::map<void*, Milliseconds> asleep_;
};

constexpr Milliseconds kHour{3'600'000};

class BellTest : public ::testing::Test {
 protected:
  void begin() {
    spawn(wait_once(), [this] { ++over_; });
  }
  Task<void> wait_once() { co_await bell_.wait(kHour); }

  Sleepers executor_;
  Bell bell_{executor_};
  int over_ = 0;
};

TEST_F(BellTest, WakesAllWhoWait) {
  begin();
  begin();
  EXPECT_EQ(executor_.asleep(), 2U);
  bell_.ring();
  executor_.run_what_is_ready();
  EXPECT_EQ(over_, 2);
}

TEST_F(BellTest, WakesTheNextWhereNobodyWaitsYet) {
  bell_.ring();
  bell_.ring();
  begin();
  EXPECT_EQ(over_, 1);
  begin();
  EXPECT_EQ(executor_.asleep(), 1U) << "rings do not add up";
  bell_.stop();
  executor_.run_what_is_ready();
}

TEST_F(BellTest, IsNotNeededWhereTheTimeIsOver) {
  begin();
  executor_.let_time_pass();
  executor_.run_what_is_ready();
  EXPECT_EQ(over_, 1);
  begin();
  EXPECT_EQ(over_, 1) << "nothing has rung";
  bell_.stop();
  executor_.run_what_is_ready();
}

TEST_F(BellTest, RemembersARingOnlyWhereNobodyHeardIt) {
  begin();
  bell_.ring();
  executor_.run_what_is_ready();
  begin();
  EXPECT_EQ(over_, 1);
  EXPECT_EQ(executor_.asleep(), 1U);
  bell_.stop();
  executor_.run_what_is_ready();
}

TEST_F(BellTest, EndsEveryWaitOnceStopped) {
  begin();
  EXPECT_FALSE(bell_.stopped());
  bell_.stop();
  executor_.run_what_is_ready();
  begin();
  begin();
  EXPECT_EQ(over_, 3);
  EXPECT_TRUE(bell_.stopped());
}

}  // namespace
}  // namespace acquit::base

#include "app/write_check.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/manual_clock.h"

namespace acquit::app {
namespace {

// Sleepers wait until they are woken; nothing else ever waits.
class Sleepers final : public base::Executor {
 public:
  void post(std::coroutine_handle<> handle) override { handle.resume(); }
  void post_after(base::Milliseconds, std::coroutine_handle<> handle) override { asleep_.push_back(handle); }
  void wake() {
    for (const auto handle : std::exchange(asleep_, {})) handle.resume();
  }

 private:
  std::vector<std::coroutine_handle<>> asleep_;
};

class WriteCheckTest : public testing::Test {
 protected:
  std::optional<bool>& ask() {
    answers_.push_back(std::make_unique<std::optional<bool>>());
    base::spawn(note(*answers_.back()));
    return *answers_.back();
  }
  base::Task<void> note(std::optional<bool>& answer) { answer = co_await check_.passes(); }
  base::Task<base::Result<void>> write() {
    ++writes_;
    const auto ended = pending_;  // Its own: the test puts another one there for the next write.
    co_return co_await ended;
  }
  void end_write(const base::Result<void>& outcome) {
    const auto ended = std::exchange(pending_, base::Completion<base::Result<void>>(executor_));
    ended.set(outcome);
    executor_.wake();
  }

  Sleepers executor_;
  base::ManualClock clock_;
  int writes_ = 0;
  base::Completion<base::Result<void>> pending_{executor_};
  std::vector<std::unique_ptr<std::optional<bool>>> answers_;
  WriteCheck check_{executor_, clock_, [this] { return write(); }};
};

TEST_F(WriteCheckTest, WritesOnceForAllWhoAskTogetherAndForASecond) {
  const auto& one = ask();
  const auto& two = ask();
  EXPECT_FALSE(one) << "not before the write is done";
  EXPECT_TRUE(check_.running());
  end_write({});
  EXPECT_EQ(one, true);
  EXPECT_EQ(two, true);
  clock_.advance(WriteCheck::kFresh - base::Milliseconds{1});
  EXPECT_EQ(ask(), true);
  EXPECT_EQ(writes_, 1);
  clock_.advance(base::Milliseconds{1});
  const auto& later = ask();
  EXPECT_EQ(writes_, 2);
  end_write({});
  EXPECT_EQ(later, true);
  EXPECT_FALSE(check_.running());
}

TEST_F(WriteCheckTest, FailsWithAWriteThatFails) {
  const auto& answer = ask();
  end_write(base::fail(base::ErrorCode::disk_full));
  EXPECT_EQ(answer, false);
}

TEST_F(WriteCheckTest, FailsWhileAWriteHangsAndMakesNoOtherBesideIt) {
  const auto& one = ask();
  clock_.advance(WriteCheck::kPatience);
  executor_.wake();
  EXPECT_EQ(one, false);
  EXPECT_EQ(ask(), false) << "and from then on at once";
  EXPECT_EQ(writes_, 1);
  end_write({});
  EXPECT_EQ(ask(), true);
}

}  // namespace
}  // namespace acquit::app

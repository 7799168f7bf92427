#include "base/parallel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>

namespace acquit::base {
namespace {

// Holds what waits until the test lets it go on.
class HeldExecutor final : public Executor {
 public:
  void post(std::coroutine_handle<> handle) override { waiting.push_back(handle); }
  void post_after(Milliseconds, std::coroutine_handle<> handle) override { waiting.push_back(handle); }
  void let_go() {
    for (const auto handle : std::exchange(waiting, {})) handle.resume();
  }
  std::vector<std::coroutine_handle<>> waiting;
};

// Works as objects with a coroutine for operator(): a lambda's captures die before its coroutine does.
struct NoteAndHop {
  std::vector<int>& begun;
  HeldExecutor& executor;
  Task<void> operator()(const int& item) const {
    begun.push_back(item);
    co_await executor.hop();
  }
};

struct NoteButThrowAtOne {
  std::vector<int>& done;
  Task<void> operator()(const int& item) const {
    if (item == 1) throw std::runtime_error("one");
    done.push_back(item);
    co_return;
  }
};

TEST(ForEachAtOnce, BeginsInOrderAndNoMoreThanAllowed) {
  HeldExecutor executor;
  std::vector<int> items(7);
  std::iota(items.begin(), items.end(), 0);
  std::vector<int> begun;
  bool ended = false;
  spawn(for_each_at_once(executor, items, 3, NoteAndHop{.begun = begun, .executor = executor}), [&] { ended = true; });
  EXPECT_THAT(begun, ::testing::ElementsAre(0, 1, 2));
  executor.let_go();
  EXPECT_THAT(begun, ::testing::ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_FALSE(ended);
  while (!executor.waiting.empty()) executor.let_go();
  EXPECT_THAT(begun, ::testing::ElementsAre(0, 1, 2, 3, 4, 5, 6));
  EXPECT_TRUE(ended);
}

TEST(ForEachAtOnce, EndsAtOnceWithoutItems) {
  HeldExecutor executor;
  bool ended = false;
  spawn(for_each_at_once(executor, std::vector<int>{}, 3, [](const int&) -> Task<void> { co_return; }),
        [&] { ended = true; });
  EXPECT_TRUE(ended);
}

TEST(ForEachAtOnce, DoesTheOthersBeforeItThrowsOn) {
  InlineExecutor executor;
  std::vector<int> done;
  const std::vector<int> items{0, 1, 2, 3};
  EXPECT_THROW(sync_wait(for_each_at_once(executor, items, 2, NoteButThrowAtOne{.done = done})), std::runtime_error);
  EXPECT_THAT(done, ::testing::ElementsAre(0, 2, 3));
}

}  // namespace
}  // namespace acquit::base

#include "base/task.h"

#include <gtest/gtest.h>

#include <atomic>
#include <coroutine>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/executor.h"

namespace acquit::base {
namespace {

// Keeps what is posted until the test runs it.
class QueueExecutor final : public Executor {
 public:
  void post(std::coroutine_handle<> handle) override { queue_.push_back(handle); }
  void post_after(Milliseconds delay, std::coroutine_handle<> handle) override {
    delays.push_back(delay);
    post(handle);
  }
  void run() {
    while (!queue_.empty()) std::exchange(queue_, {}).front().resume();
  }
  std::vector<Milliseconds> delays;

 private:
  std::vector<std::coroutine_handle<>> queue_;
};

// A thread for each that is posted, joined at the end.
class ThreadExecutor final : public Executor {
 public:
  ~ThreadExecutor() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void post(std::coroutine_handle<> handle) override {
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([handle] { handle.resume(); });
  }
  void post_after(Milliseconds, std::coroutine_handle<> handle) override { post(handle); }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

Task<int> answer() { co_return 42; }
Task<std::string> text_of(int number) { co_return std::to_string(number + co_await answer()); }
Task<void> add(int& to) { to += co_await answer(); }
Task<int> failing() {
  throw std::runtime_error("broken");
  co_return 0;
}
Task<int> passing_on() { co_return co_await failing() + 1; }
Task<std::unique_ptr<int>> move_only() { co_return std::make_unique<int>(5); }

TEST(Task, HandsValuesToWhoAwaitsThem) {
  int sum = 1;
  sync_wait(add(sum));
  EXPECT_EQ(sum, 43);
  EXPECT_EQ(sync_wait(text_of(8)), "50");
  EXPECT_EQ(*sync_wait(move_only()), 5);
}

TEST(Task, HandsExceptionsToWhoAwaitsThem) {
  EXPECT_THROW(sync_wait(failing()), std::runtime_error);
  EXPECT_THROW(sync_wait(passing_on()), std::runtime_error);
}

TEST(Task, DoesNothingUntilItIsAwaited) {
  int sum = 0;
  {
    const Task<void> never = add(sum);
  }
  EXPECT_EQ(sum, 0);
  Task<void> task = add(sum);
  task = add(sum);  // The first one is dropped unrun.
  sync_wait(std::move(task));
  EXPECT_EQ(sum, 42);
}

Task<int> countdown(int from) {
  if (from == 0) co_return 0;
  co_return 1 + co_await countdown(from - 1);
}

Task<int> many(int count) {
  int sum = 0;
  for (int i = 0; i < count; ++i) sum += co_await answer() - 41;
  co_return sum;
}

TEST(Task, AwaitsDeepAndLongWithoutEatingTheStack) {
  EXPECT_EQ(sync_wait(countdown(200)), 200);
  EXPECT_EQ(sync_wait(many(1'000'000)), 1'000'000);
}

Task<void> guarded(std::shared_ptr<int> held, Executor& executor) {
  co_await executor.hop();
  ++*held;
}

TEST(Task, AnUnfinishedOneFreesWhatItHolds) {
  QueueExecutor executor;
  const auto held = std::make_shared<int>(0);
  {
    const Task<void> task = guarded(held, executor);
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Spawn, RunsToTheFirstWaitAndSaysWhenDone) {
  QueueExecutor executor;
  const auto held = std::make_shared<int>(0);
  bool done = false;
  spawn(guarded(held, executor), [&done] { done = true; });
  EXPECT_EQ(*held, 0);
  EXPECT_FALSE(done);
  executor.run();
  EXPECT_EQ(*held, 1);
  EXPECT_TRUE(done);
  EXPECT_EQ(held.use_count(), 1) << "its frame is gone";
}

Task<void> sleeper(Executor& executor, bool& woke) {
  co_await executor.sleep(Milliseconds{250});
  woke = true;
}

TEST(Executor, SleepPassesItsDelayOn) {
  QueueExecutor executor;
  bool woke = false;
  spawn(sleeper(executor, woke));
  EXPECT_EQ(executor.delays, std::vector{Milliseconds{250}});
  EXPECT_FALSE(woke);
  executor.run();
  EXPECT_TRUE(woke);
}

Task<void> take(Completion<std::string> completion, std::string& out) { out = co_await completion; }

TEST(Completion, TheFirstValueWins) {
  QueueExecutor executor;
  const Completion<std::string> completion(executor);
  std::string got;
  spawn(take(completion, got));
  EXPECT_TRUE(completion.set("first"));
  EXPECT_FALSE(completion.set("second"));
  EXPECT_EQ(got, "") << "resumed by the executor, not inside set()";
  executor.run();
  EXPECT_EQ(got, "first");
}

TEST(Completion, AValueMayComeBeforeItsWaiter) {
  InlineExecutor executor;
  const Completion<std::string> completion(executor);
  EXPECT_TRUE(completion.set("early"));
  std::string got;
  spawn(take(completion, got));
  EXPECT_EQ(got, "early");
}

Task<int> sum_from_threads(ThreadExecutor& executor, std::atomic<int>& losers) {
  int sum = 0;
  for (int i = 0; i < 100; ++i) {
    const Completion<int> completion(executor);
    std::thread one([completion, &losers] { losers += completion.set(1) ? 0 : 1; });
    std::thread two([completion, &losers] { losers += completion.set(1) ? 0 : 1; });
    sum += co_await completion;
    one.join();
    two.join();
  }
  co_return sum;
}

TEST(Completion, ThreadsThatRaceBringJustOneValue) {
  std::atomic<int> losers = 0;
  ThreadExecutor executor;
  EXPECT_EQ(sync_wait(sum_from_threads(executor, losers)), 100);
  EXPECT_EQ(losers, 100);
}

}  // namespace
}  // namespace acquit::base

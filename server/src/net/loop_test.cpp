#include "net/loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/bell.h"
#include "base/task.h"

namespace acquit::net {
namespace {

base::Task<std::thread::id> thread_after_hop(Loop& loop) {
  co_await loop.hop();
  co_return std::this_thread::get_id();
}

TEST(Loop, ResumesOnItsOwnThreads) {
  Loop loop(2);
  loop.run_in_background();
  EXPECT_NE(base::sync_wait(thread_after_hop(loop)), std::this_thread::get_id());
}

TEST(Loop, KeepsWhatWasPostedBeforeItRan) {
  Loop loop(1);
  std::latch ran(1);
  base::spawn([](Loop& on) -> base::Task<void> { co_await on.hop(); }(loop), [&] { ran.count_down(); });
  loop.run_in_background();
  ran.wait();
}

TEST(Loop, LosesNoHandleOfManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  Loop loop(2);
  loop.run_in_background();
  std::latch all(kThreads * kEach);
  std::vector<std::jthread> posters;
  for (int i = 0; i < kThreads; ++i) {
    posters.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        base::spawn([](Loop& on) -> base::Task<void> { co_await on.hop(); }(loop), [&] { all.count_down(); });
      }
    });
  }
  all.wait();
}

TEST(Loop, SleepsAtLeastAsLongAsAsked) {
  Loop loop(1);
  loop.run_in_background();
  const base::OsClock clock;
  const base::Monotonic begin = clock.monotonic();
  base::sync_wait([](Loop& on) -> base::Task<void> { co_await on.sleep(base::Milliseconds(20)); }(loop));
  EXPECT_GE(clock.monotonic() - begin, base::Milliseconds(20));
}

TEST(Loop, WakesWhoSleepsWhenABellRings) {
  Loop loop(2);
  loop.run_in_background();
  base::Bell bell(loop);
  constexpr int kRounds = 200;
  std::latch over(1);
  std::atomic<int> rounds = 0;
  base::spawn(
      [](base::Bell& rings, std::atomic<int>& count) -> base::Task<void> {
        while (!rings.stopped()) {
          co_await rings.wait(base::Milliseconds(3'600'000));
          ++count;
          count.notify_all();
        }
      }(bell, rounds),
      [&] { over.count_down(); });
  for (int i = 0; i < kRounds; ++i) {
    bell.ring();
    rounds.wait(i);
  }
  bell.stop();
  over.wait();
  EXPECT_GE(rounds, kRounds);
}

TEST(Loop, StopsTwiceAndWithoutHavingRun) {
  Loop never_run(1);
  never_run.stop();
  Loop loop(2);
  loop.run_in_background();
  loop.stop();
  loop.stop();
}

}  // namespace
}  // namespace acquit::net

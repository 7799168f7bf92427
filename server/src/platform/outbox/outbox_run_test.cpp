// The dispatcher's loop: what wakes it. No time passes but by hand, so what is sent was not found by looking again.
#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/manual_clock.h"
#include "base/random.h"
#include "db/testing/temporary_database.h"
#include "net/loop.h"
#include "platform/outbox/outbox.h"

namespace acquit::platform {
namespace {

using base::Milliseconds;

constexpr base::ShopId kShop{7};
constexpr Milliseconds kBreath{5};  // Between two looks that follow each other: not worth a test's hand.

class StillExecutor final : public base::Executor {
 public:
  explicit StillExecutor(net::Loop& loop) : loop_(loop) {}
  void post(std::coroutine_handle<> handle) override { loop_.post(handle); }
  void post_after(Milliseconds delay, std::coroutine_handle<> handle) override {
    if (delay <= kBreath) return loop_.post(handle);
    const std::lock_guard lock(mutex_);
    asleep_[handle.address()] = delay;
    changed_.notify_all();
  }
  void hurry(std::coroutine_handle<> handle) override {
    const std::lock_guard lock(mutex_);
    if (asleep_.erase(handle.address()) > 0) loop_.post(handle);
  }
  /// Until somebody sleeps for just so long.
  void wait_for_sleeper(Milliseconds delay) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asleep_.size() == 1 && asleep_.begin()->second == delay; });
  }
  void let_time_pass() {
    const std::lock_guard lock(mutex_);
    for (const auto& [address, delay] : std::exchange(asleep_, {}))
      loop_.post(std::coroutine_handle<>::from_address(address));
  }

 private:
  net::Loop& loop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<void*, Milliseconds> asleep_;
};

class OutboxRunTest : public testing::Test {
 protected:
  OutboxRunTest() {
    loop_.run_in_background();
    place_ = db::testing::TemporaryDatabase::make_migrated(db::Engine::sqlite);
    database_ = db::Database::open(place_->options(), loop_).value();
    outbox_.emplace(*database_, executor_, clock_, random_);
    outbox_->handle("mail", [this](const OutboxMessage& message) { return note(message); }, 1);
    base::spawn(outbox_->run(), [this] { ended_.set_value(); });
    executor_.wait_for_sleeper(Milliseconds{1'000});
  }
  ~OutboxRunTest() override {
    held_.set(true);
    outbox_->stop();
    ended_.get_future().wait();
    while (outbox_->in_flight() > 0) std::this_thread::yield();
    database_.reset();
    loop_.stop();
  }
  base::Task<OutboxVerdict> note(OutboxMessage message) {
    (message.attempts == 1 ? seen_[message.subject] : again_).set_value();
    if (message.subject == "slow") co_await held_;
    if (message.subject != "twice" || message.attempts > 1) co_return OutboxVerdict{};
    co_return OutboxVerdict{.again_at = clock_.now() + Milliseconds{400}, .payload = std::nullopt};
  }
  void add(const std::string& subject, Milliseconds due_in = Milliseconds{0}) {
    ASSERT_TRUE(base::sync_wait(database_->write(db::LaneKey{}, [&](db::Tx& tx) {
      return outbox_->add(tx, kShop, "mail", subject, "payload", clock_.now() + due_in);
    })));
  }
  void wait_for(const std::string& subject) { seen_.at(subject).get_future().wait(); }
  void pass(Milliseconds time) {
    clock_.advance(time);
    executor_.let_time_pass();
  }

  net::Loop loop_{2};
  StillExecutor executor_{loop_};
  base::ManualClock clock_;
  base::SeededRandom random_{5};
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
  std::optional<Outbox> outbox_;
  // Made beforehand: the handler and the test are on threads of their own.
  std::map<std::string, std::promise<void>> seen_ = [] {
    std::map<std::string, std::promise<void>> all;
    for (const char* subject : {"a", "b", "twice", "slow"}) all[subject];
    return all;
  }();
  std::promise<void> again_;
  base::Completion<bool> held_{loop_};
  std::promise<void> ended_;
};

TEST_F(OutboxRunTest, SendsWhatIsCommittedAtOnce) {
  add("a");
  wait_for("a");
  executor_.wait_for_sleeper(Milliseconds{1'000});
  add("b");
  wait_for("b");
}

TEST_F(OutboxRunTest, ComesBackWhenTheNextMessageIsDue) {
  add("a", Milliseconds{300});
  executor_.wait_for_sleeper(Milliseconds{300});
  pass(Milliseconds{300});
  wait_for("a");
}

TEST_F(OutboxRunTest, KnowsWhenToTryAgain) {
  add("twice");
  wait_for("twice");
  executor_.wait_for_sleeper(Milliseconds{400});
  pass(Milliseconds{400});
  again_.get_future().wait();
}

TEST_F(OutboxRunTest, GoesOnWhenAPlaceIsFree) {
  add("slow");
  wait_for("slow");
  add("b");
  executor_.wait_for_sleeper(Milliseconds{250});
  held_.set(true);
  wait_for("b");
}

}  // namespace
}  // namespace acquit::platform

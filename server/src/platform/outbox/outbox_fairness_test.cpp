// Shops that are dead or slow leave the others their places. Time is the test's own: what takes half a minute there
// takes none here.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "base/manual_clock.h"
#include "base/number.h"
#include "base/testing/eventually.h"
#include "db/testing/temporary_database.h"
#include "platform/outbox/outbox.h"

namespace acquit::platform {
namespace {

using base::Milliseconds;

constexpr std::string_view kTopic = "notification";
constexpr Milliseconds kStep{100};

enum class Kind : std::uint8_t { good, slow, dead };

struct Answers {
  Milliseconds after;
  base::Went went;
};
Answers answers_of(Kind kind) {
  switch (kind) {
    case Kind::good: return {.after = Milliseconds(200), .went = base::Went::well};
    case Kind::slow: return {.after = Milliseconds(5'000), .went = base::Went::well};
    case Kind::dead: return {.after = Milliseconds(30'000), .went = base::Went::badly};
  }
  return {};
}

// One call under way.
struct Call {
  base::Time ends;
  base::Completion<bool> answered;
};

class OutboxFairness : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = db::testing::TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    database_ = db::Database::open(place_->options(), executor_).value();
    outbox_.emplace(*database_, executor_, clock_, random_);
    outbox_->handle(
        std::string(kTopic), [this](const OutboxMessage& message) { return call(message); }, 256,
        Outbox::Judged::by_shop);
  }
  static Kind kind_of(base::ShopId shop) { return static_cast<Kind>(shop.value() / 1000); }

  base::Task<OutboxVerdict> call(OutboxMessage message) {
    const Answers answers = answers_of(kind_of(message.shop));
    const base::Time now = clock_.now();
    const Call mine{.ends = now + answers.after, .answered = base::Completion<bool>(executor_)};
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(mine);
      waits_[kind_of(message.shop)].push_back(now -
                                              base::time_from_ms(*base::parse_int<std::int64_t>(message.payload)));
    }
    co_await mine.answered;
    co_return OutboxVerdict{.again_at = std::nullopt, .payload = std::nullopt, .went = answers.went};
  }
  // Answers what is due by now, and waits until it is written down.
  void answer_due() {
    std::vector<Call> due;
    {
      const std::lock_guard lock(mutex_);
      const auto later = std::ranges::partition(calls_, [&](const Call& one) { return one.ends > clock_.now(); });
      due.assign(later.begin(), later.end());
      calls_.erase(later.begin(), later.end());
    }
    const int left = outbox_->in_flight() - static_cast<int>(due.size());
    for (const Call& one : due) one.answered.set(true);
    EXPECT_TRUE(base::testing::eventually([&] { return outbox_->in_flight() <= left; })) << "more than " << left;
  }
  void dispatch() {
    const int before = outbox_->in_flight();
    const int claimed = base::sync_wait(outbox_->dispatch_due()).value();
    EXPECT_EQ(outbox_->in_flight(), before + claimed);
  }
  void add(const std::vector<base::ShopId>& shops) {
    if (shops.empty()) return;
    const base::Time now = clock_.now();
    ASSERT_TRUE(base::sync_wait(database_->write(db::LaneKey{}, [&](db::Tx& tx) -> base::Result<void> {
      for (const base::ShopId shop : shops) {
        ACQUIT_CHECK(outbox_->add(tx, shop, kTopic, "t", std::to_string(base::to_ms(now)), now));
      }
      return {};
    })));
    added_ += shops.size();
  }
  Milliseconds median(Kind kind) {
    const std::lock_guard lock(mutex_);
    std::vector<Milliseconds>& all = waits_[kind];
    std::ranges::sort(all);
    return all.at(all.size() / 2);
  }
  std::size_t begun() {
    const std::lock_guard lock(mutex_);
    std::size_t all = 0;
    for (const auto& [kind, waits] : waits_) all += waits.size();
    return all;
  }

  base::InlineExecutor executor_;
  base::ManualClock clock_;
  base::SeededRandom random_{5};
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
  std::optional<Outbox> outbox_;
  std::mutex mutex_;
  std::vector<Call> calls_;
  std::map<Kind, std::vector<Milliseconds>> waits_;
  std::size_t added_ = 0;
};
INSTANTIATE_TEST_SUITE_P(BothEngines, OutboxFairness, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

// Half a minute: dead shops with three payments a second, slow ones with one in ten, ten good ones with two a second.
TEST_P(OutboxFairness, TwentyDeadAndAHundredSlowShopsLeaveTheGoodOnesTheirPlaces) {
  for (int step = 0; step < 300; ++step) {
    std::vector<base::ShopId> paid;
    for (int shop = 0; shop < 10; ++shop) {
      if ((step + shop) % 5 == 0) paid.emplace_back(shop);
    }
    for (int shop = 0; shop < 100; ++shop) {
      if ((step + shop) % 100 == 0) paid.emplace_back(1000 + shop);
    }
    for (int shop = 0; shop < 20; ++shop) {
      if ((step + shop) % 10 == 0) paid.insert(paid.end(), 3, base::ShopId(2000 + shop));
    }
    add(paid);
    dispatch();
    clock_.advance(kStep);
    answer_due();
  }
  EXPECT_LT(median(Kind::good), Milliseconds(1000));
  EXPECT_LT(waits_[Kind::good].back(), Milliseconds(5000)) << "the longest, at the beginning";
  EXPECT_LT(median(Kind::slow), Milliseconds(5000));
  // Nothing is lost: what the dead ones left waiting is called too, in the end.
  for (int step = 0; step < 3000 && begun() < added_; ++step) {
    dispatch();
    clock_.advance(Milliseconds(30'000));
    answer_due();
  }
  EXPECT_EQ(begun(), added_);
  clock_.advance(Milliseconds(30'000));
  answer_due();
  EXPECT_EQ(outbox_->in_flight(), 0);
}

}  // namespace
}  // namespace acquit::platform

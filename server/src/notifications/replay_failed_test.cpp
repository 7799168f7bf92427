#include "notifications/replay_failed.h"

#include "notifications/notifier_fixture.h"

namespace acquit::notifications {
namespace {

constexpr std::size_t kMany = 20;

class ReplayFailed : public NotifierFixture {
 protected:
  std::vector<FailedCall> failed(std::size_t count) {
    std::vector<FailedCall> calls;
    for (std::size_t i = 0; i < count; ++i) {
      calls.push_back({.shop = kShopId, .transaction = pay(), .rule = Rule::end_of_payment, .at = env_->clock.now()});
    }
    return calls;
  }
  Replayed replay(const std::vector<FailedCall>& calls) {
    return base::sync_wait(
        replay_failed(*notifier_, calls, base::Actor::user("alice"), [this](const auto& call, const auto& made) {
          told_.push_back(call.transaction);
          EXPECT_TRUE(made) << made.error().detail;
        }));
  }
  std::vector<TransactionId> told_;
};

TEST_F(ReplayFailed, CallsEachOnceMoreAndTells) {
  set_rule(kNoEdit);
  const auto calls = failed(3);
  const Replayed replayed = replay(calls);
  EXPECT_EQ(replayed.taken, 3);
  EXPECT_EQ(replayed.left_out, 0);
  EXPECT_EQ(told_.size(), 3U);
  for (const FailedCall& call : calls)
    EXPECT_EQ(operations(call.transaction, "notification").back().actor, base::Actor::user("alice"));
}

TEST_F(ReplayFailed, LeavesAShopInPeaceThatTakesNoneOfSeveralInARow) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  const Replayed replayed = replay(failed(kMany));
  EXPECT_EQ(replayed.taken, 0);
  EXPECT_GE(replayed.not_taken, 5);
  EXPECT_LE(replayed.not_taken, 12) << "those under way are not taken back";
  EXPECT_EQ(replayed.not_taken + replayed.left_out, static_cast<std::int64_t>(kMany));
}

TEST_F(ReplayFailed, BeginsNoneAnyMoreOnceOneCouldNotBeWrittenDown) {
  set_rule(kNoEdit);
  const auto calls = failed(kMany);
  sql("create trigger full before insert on deliveries begin select raise(abort, 'no room'); end");
  const Replayed replayed = replay(calls);
  EXPECT_GE(replayed.unnoted, 1);
  EXPECT_EQ(replayed.unnoted, replayed.taken);
  EXPECT_GT(replayed.left_out, 0);
}

TEST_F(ReplayFailed, AsksForNoMoreThanCanBeMade) {
  for (const int limit : {0, kReplayMax + 1}) {
    const auto found = base::sync_wait(find_failed(
        *env_->node().database, {.from = base::time_from_ms(0), .until = env_->clock.now(), .limit = limit}));
    ASSERT_FALSE(found) << limit;
    EXPECT_EQ(found.error().field, "limit");
  }
}

}  // namespace
}  // namespace acquit::notifications

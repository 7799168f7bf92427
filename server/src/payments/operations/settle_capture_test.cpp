#include <algorithm>

#include "payments/operations/operations.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

class SettleCapture : public UseCaseTest {
 protected:
  // Its answer was lost, and the bank denies the repetition.
  Transaction doubtful() {
    const Transaction paid = pay(request(1000)).transaction;
    env_->advance_to(paid.capture.at);
    run_jobs();
    env_->acquirer.on_advise(kUnknown);
    env_->deliver();
    env_->acquirer.on_advise(decline("12"));
    env_->clock.advance(std::chrono::minutes(1));
    env_->deliver();
    EXPECT_EQ(history(paid.id).back(), "capture_doubtful by job: captured > captured");
    return load(paid.id);
  }
  base::Result<Transaction> settle(const TransactionId& id, AtBank found) {
    return base::sync_wait(
        settle_capture(env_->services(), TestPermit(base::Actor::operator_user("ada")), env_->shop(), id, found));
  }
  std::size_t asked_within_a_day() {
    const std::size_t before = env_->acquirer.advices().size();
    for (int hour = 0; hour < 24; ++hour) {
      env_->clock.advance(std::chrono::hours(1));
      env_->deliver();
    }
    return env_->acquirer.advices().size() - before;
  }
  Operation last_operation(const TransactionId& id) {
    return env_->read([&](db::ReadTx& tx) { return env_->node().store->operations_of(tx, kShop, id); }).back();
  }
};
ACQUIT_ON_BOTH_ENGINES(SettleCapture);

TEST_P(SettleCapture, EndsTheDoubtOfWhatTheBankHas) {
  const Transaction transaction = doubtful();
  must(refund_of(transaction.id, 400));
  EXPECT_EQ(must(settle(transaction.id, AtBank::yes)).state, State::captured);
  EXPECT_EQ(last_operation(transaction.id).event, kAcknowledged);
  EXPECT_EQ(last_operation(transaction.id).actor, base::Actor::operator_user("ada"));
  EXPECT_EQ(last_operation(transaction.id).detail, "the bank's list has it");
  const auto refunds = [&] {
    return std::ranges::count(env_->acquirer.advices(), connectors::AdviceKind::credit, &connectors::Advice::kind);
  };
  EXPECT_EQ(refunds(), 0);
  env_->clock.advance(std::chrono::hours(30));
  run_jobs();
  env_->deliver();
  EXPECT_EQ(refunds(), 1) << "what waited for the acknowledgement goes on";
  EXPECT_EQ(asked_within_a_day(), 0U) << "the bank is not asked again";
}

TEST_P(SettleCapture, GivesUpWhatTheBankHasNot) {
  const Transaction transaction = doubtful();
  const Transaction refund = must(refund_of(transaction.id, 400));
  EXPECT_EQ(must(settle(transaction.id, AtBank::no)).state, State::capture_failed);
  EXPECT_EQ(last_operation(transaction.id).actor, base::Actor::operator_user("ada"));
  EXPECT_EQ(state(refund.id), State::cancelled);
  EXPECT_EQ(balance(load(transaction.id), Account::receivable), 0);
  EXPECT_EQ(asked_within_a_day(), 0U) << "the bank is not asked to capture it any more";
  EXPECT_EQ(env_->acquirer.reversals().size(), 1U) << "what was authorised is released";
}

TEST_P(SettleCapture, SettlesOnlyADoubt) {
  const Transaction sure = captured();
  const Transaction transaction = doubtful();
  for (const auto found : {AtBank::yes, AtBank::no}) {
    EXPECT_EQ(code_of(settle(sure.id, found)), base::ErrorCode::wrong_state);
    EXPECT_EQ(code_of(settle(pay(request()).transaction.id, found)), base::ErrorCode::wrong_state);
  }
  must(settle(transaction.id, AtBank::yes));
  EXPECT_EQ(code_of(settle(transaction.id, AtBank::no)), base::ErrorCode::wrong_state) << "not twice";
}

}  // namespace
}  // namespace acquit::payments::testing

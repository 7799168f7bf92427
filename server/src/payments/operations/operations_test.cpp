#include "payments/operations/operations.h"

#include <algorithm>

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

constexpr std::string_view kTold = "rule=back_office_operation";

class Cancel : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(Cancel);

TEST_P(Cancel, ComesTooLateAfterTheCapture) {
  const auto late = cancel_of(captured().id);
  EXPECT_EQ(code_of(late), base::ErrorCode::wrong_state);
  EXPECT_NE(late.error().detail.find("captured"), std::string::npos);
  EXPECT_EQ(code_of(cancel_of(pay(request(), decline("05")).transaction.id)), base::ErrorCode::wrong_state);
  EXPECT_EQ(code_of(cancel_of(TransactionId::make(env_->clock, env_->random))), base::ErrorCode::not_found);
}

class ValidateForLess : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(ValidateForLess);

TEST_P(ValidateForLess, LowersAndValidatesInOneCommit) {
  NewPayment wanted = request(1000);
  wanted.manual_validation = true;
  const Transaction waiting = pay(wanted).transaction;
  const std::uint64_t before = env_->node().database->counters().works;
  const Transaction validated = must(validate_of(waiting.id, eur(600)));
  EXPECT_EQ(env_->node().database->counters().works, before + 1) << "nobody can see the lower amount alone";
  EXPECT_EQ(validated.state, State::authorised);
  EXPECT_EQ(validated.amount, eur(600));
  EXPECT_EQ(balance(waiting, Account::held), 600);
  const std::vector<std::string> steps = history(waiting.id);
  ASSERT_GE(steps.size(), 2U);
  EXPECT_EQ(steps[steps.size() - 2], "modify by user:owner@shop.example: to_validate > to_validate");
  EXPECT_EQ(steps.back(), "validate by user:owner@shop.example: to_validate > authorised");
  const auto told = notifications(waiting.id);
  EXPECT_EQ(std::ranges::count(told, kTold), 1) << "the shop is told once";
}

class Refund : public UseCaseTest {
 protected:
  /// Live refunds of `parent`, summed.
  std::int64_t refunded(const Transaction& parent) {
    return env_->read([&](db::ReadTx& tx) { return env_->node().store->refunded(tx, parent); });
  }
};
ACQUIT_ON_BOTH_ENGINES(Refund);

TEST_P(Refund, IsACreditOfItsOwnUnderTheDebit) {
  const Transaction paid = captured(1000);
  const Transaction credit = must(refund_of(paid.id, 400));
  EXPECT_EQ(credit.kind, Kind::credit);
  EXPECT_EQ(credit.state, State::authorised);
  EXPECT_EQ(credit.parent, paid.id);
  EXPECT_EQ(load(credit.id).parent, paid.id);
  EXPECT_NE(credit.reference, paid.reference);
  EXPECT_EQ(credit.trace, std::nullopt) << "nothing that was said about the debit";
  EXPECT_EQ(credit.answer.at, std::nullopt);
  EXPECT_EQ(credit.answer.authorisation_code, "");
  EXPECT_EQ(credit.authentication, AuthenticationResult{});
  EXPECT_EQ(balance(credit, Account::receivable), -400);
  EXPECT_EQ(balance(credit, Account::held), 400);
  EXPECT_EQ(state(paid.id), State::captured) << "the debit is never edited";
  EXPECT_EQ(load(paid.id).amount, eur(1000));
  EXPECT_EQ(history(paid.id).back(), "refund by user:owner@shop.example: captured > captured");
  EXPECT_EQ(notifications(credit.id), std::vector<std::string>{std::string(kTold)});
  env_->advance_to(credit.capture.at);
  run_jobs();
  env_->deliver();
  EXPECT_EQ(state(credit.id), State::captured);
  EXPECT_EQ(env_->acquirer.advices().back().kind, connectors::AdviceKind::credit);
  EXPECT_EQ(env_->acquirer.advices().back().amount, eur(400));
  EXPECT_EQ(balance(credit, Account::buyer), 400);
  EXPECT_EQ(env_->balance_of_payment(paid.payment, Account::receivable), 600);
}

TEST_P(Refund, IsPossibleInSeveralPartsUpToTheWhole) {
  const Transaction paid = captured(1000);
  must(refund_of(paid.id, 300));
  must(refund_of(paid.id, 300));
  const auto more = refund_of(paid.id, 401);
  EXPECT_EQ(code_of(more), base::ErrorCode::amount_exceeds_captured);
  EXPECT_EQ(field_of(more), "amount");
  EXPECT_NE(more.error().detail.find("4.00 EUR"), std::string::npos) << more.error().detail;
  must(refund_of(paid.id, 400));
  EXPECT_EQ(code_of(refund_of(paid.id, 1)), base::ErrorCode::amount_exceeds_captured);
}

TEST_P(Refund, NeverGivesBackMoreThanWasCapturedWithFiftyAtOnceOnTwoServers) {
  constexpr std::int64_t kCaptured = 10'000;
  const Transaction paid = captured(kCaptured);
  std::vector<std::future<base::Result<Transaction>>> calls;
  std::vector<std::int64_t> amounts;
  for (int i = 0; i < 50; ++i) {
    const Services& services = i % 2 == 0 ? env_->services() : *env_->second_node().services;
    amounts.push_back(1 + static_cast<std::int64_t>(env_->random.below(1'000)));
    calls.push_back(db::testing::start(refund(services, kPermit, env_->shop(), paid.id, eur(amounts.back()))));
  }
  std::int64_t given = 0;
  std::int64_t smallest_refused = kCaptured + 1;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const auto credit = calls[i].get();
    if (credit) {
      given += amounts[i];
    } else {
      EXPECT_EQ(credit.error().code, base::ErrorCode::amount_exceeds_captured) << credit.error().detail;
      smallest_refused = std::min(smallest_refused, amounts[i]);
    }
  }
  EXPECT_LE(given, kCaptured);
  EXPECT_GT(given + smallest_refused, kCaptured) << "none was refused that would have fitted at the end";
  EXPECT_EQ(refunded(paid), given);
  EXPECT_EQ(env_->balance_of_payment(paid.payment, Account::receivable), kCaptured - given);
}

class Leave : public UseCaseTest {
 protected:
  base::Result<StepResult> leave(const PaymentId& id) {
    return base::sync_wait(leave_payment(env_->services(), kBuyer, env_->shop(), id));
  }
};
ACQUIT_ON_BOTH_ENGINES(Leave);

TEST_P(Leave, IsNotForTheJobWhileTheBuyerHasTime) {
  const Payment payment = must(create(request()));
  const auto left = base::sync_wait(leave_expired(env_->services(), env_->shop(), payment.id));
  EXPECT_EQ(code_of(left), base::ErrorCode::wrong_state);
}

}  // namespace
}  // namespace acquit::payments::testing

#include "payments/operations/operations.h"

#include <algorithm>

#include "payments/nouns/calendar.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::string_view kTold = "rule=back_office_operation";

class Cancel : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(Cancel);

TEST_P(Cancel, TakesBackAnAuthorisationAndReversesIt) {
  const Transaction paid = pay(request(900)).transaction;
  const Transaction cancelled = must(cancel_of(paid.id));
  EXPECT_EQ(cancelled.state, State::cancelled);
  EXPECT_EQ(balance(paid, Account::held), 0);
  EXPECT_EQ(balance(paid, Account::buyer), 0);
  EXPECT_EQ(notifications(paid.id).size(), 2U);
  EXPECT_EQ(notifications(paid.id).front(), kTold);
  EXPECT_EQ(history(paid.id).back(), "cancel by user:owner@shop.example: authorised > cancelled");
  env_->deliver();
  ASSERT_EQ(env_->acquirer.reversals().size(), 1U);
  EXPECT_EQ(env_->acquirer.reversals()[0].amount, eur(900));
  env_->advance_to(kFirstCapture);
  EXPECT_EQ(run_jobs(), 0) << "it is not captured any more";
}

TEST_P(Cancel, TakesBackAFirstPaymentInProduction) {
  NewPayment real = request(900);
  real.mode = merchants::Mode::production;
  const Transaction paid = pay(real).transaction;
  EXPECT_EQ(must(cancel_of(paid.id)).state, State::cancelled);
  EXPECT_EQ(notifications(paid.id).front(), kTold);
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().size(), 1U);
  env_->advance_to(kFirstCapture);
  EXPECT_EQ(run_jobs(), 0);
  EXPECT_TRUE(env_->acquirer.advices().empty()) << "nothing is debited";
}

TEST_P(Cancel, ReversesWhatWasAuthorisedNotWhatWasLeft) {
  const Transaction paid = pay(request(900)).transaction;
  must(modify_of(paid.id, {.amount = eur(300), .capture_at = std::nullopt}));
  must(cancel_of(paid.id));
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().at(0).amount, eur(900));
  EXPECT_EQ(balance(paid, Account::held), 0);
}

TEST_P(Cancel, TakesBackAPartAndLeavesTheRestToBeCaptured) {
  const Transaction paid = pay(request(900)).transaction;
  const auto held = balance(paid, Account::held);
  const auto part = [&](std::int64_t minor) {
    return base::sync_wait(
        cancel(env_->context(), TestPermit(base::Actor::user("owner")), env_->shop(), paid.id, eur(minor)));
  };
  const Transaction less = must(part(300));
  EXPECT_EQ(less.state, State::authorised);
  EXPECT_EQ(less.amount, eur(600));
  EXPECT_EQ(balance(paid, Account::held) * 3, held * 2);
  EXPECT_EQ(notifications(paid.id).size(), 2U);
  EXPECT_EQ(part(601).error().code, base::ErrorCode::amount_exceeds_authorised);
  EXPECT_EQ(part(0).error().code, base::ErrorCode::field_value);
  EXPECT_EQ(part(-1).error().code, base::ErrorCode::field_value);
  EXPECT_EQ(must(part(600)).state, State::cancelled) << "all that is left";
  EXPECT_EQ(balance(paid, Account::held), 0);
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().at(0).amount, eur(900));
}

TEST_P(Cancel, TakesBackAWaitingTransactionWithoutAReversal) {
  NewPayment wanted = request();
  wanted.capture_delay_days = 20;
  const Transaction waiting = pay(wanted).transaction;
  must(cancel_of(waiting.id));
  EXPECT_TRUE(env_->outbox(kTopicReversal).empty());
  env_->advance_to(kFirstCapture + days(20));
  EXPECT_EQ(run_jobs(), 0);
}

TEST_P(Cancel, TakesBackARefundThatWasNotHandedOver) {
  const Transaction paid = captured(900);
  const Transaction credit = must(refund_of(paid.id, 400));
  must(cancel_of(credit.id));
  EXPECT_TRUE(env_->outbox(kTopicReversal).empty()) << "the acquirer never heard of it";
  for (const Account account : {Account::buyer, Account::held, Account::receivable})
    EXPECT_EQ(balance(credit, account), 0);
  EXPECT_TRUE(refund_of(paid.id, 900)) << "the money is there again";
}

TEST_P(Cancel, ComesTooLateAfterTheCapture) {
  const auto late = cancel_of(captured().id);
  EXPECT_EQ(code_of(late), base::ErrorCode::wrong_state);
  EXPECT_NE(late.error().detail.find("captured"), std::string::npos);
  EXPECT_EQ(code_of(cancel_of(pay(request(), decline("05")).transaction.id)), base::ErrorCode::wrong_state);
  EXPECT_EQ(code_of(cancel_of(TransactionId::make(env_->clock, env_->random))), base::ErrorCode::not_found);
}

class Modify : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(Modify);

TEST_P(Modify, LowersTheAmountAndReleasesTheDifference) {
  const Transaction paid = pay(request(1000)).transaction;
  EXPECT_EQ(must(modify_of(paid.id, {.amount = eur(600), .capture_at = std::nullopt})).amount, eur(600));
  EXPECT_EQ(balance(paid, Account::held), 600);
  EXPECT_EQ(balance(paid, Account::buyer), -600);
  EXPECT_EQ(notifications(paid.id).front(), kTold);
  env_->advance_to(kFirstCapture);
  run_jobs();
  env_->deliver();
  EXPECT_EQ(env_->acquirer.advices().at(0).amount, eur(600));
  EXPECT_EQ(balance(paid, Account::receivable), 600);
  EXPECT_EQ(code_of(refund_of(paid.id, 601)), base::ErrorCode::amount_exceeds_captured);
}

TEST_P(Modify, NeverRaisesTheAmountNorEmptiesIt) {
  const Transaction paid = pay(request(1000)).transaction;
  struct Row {
    base::Money amount;
    base::ErrorCode code;
  };
  for (const Row& row : {Row{eur(1001), base::ErrorCode::amount_exceeds_authorised},
                         Row{eur(0), base::ErrorCode::field_value}, Row{eur(-1), base::ErrorCode::field_value},
                         Row{{500, *base::Currency::from_code("CHF")}, base::ErrorCode::currency_mismatch}}) {
    EXPECT_EQ(code_of(modify_of(paid.id, {.amount = row.amount, .capture_at = std::nullopt})), row.code)
        << row.amount.minor();
  }
  EXPECT_EQ(load(paid.id).amount, eur(1000));
  EXPECT_EQ(balance(paid, Account::held), 1000);
}

TEST_P(Modify, MovesTheCaptureWithinTheLifeOfTheAuthorisation) {
  const Transaction paid = pay(request()).transaction;
  const auto to = [](base::Time at) { return Modification{.amount = std::nullopt, .capture_at = at}; };
  EXPECT_EQ(field_of(modify_of(paid.id, to(kStart - hours(1)))), "capture_date");
  EXPECT_EQ(field_of(modify_of(paid.id, to(kStart + kAuthorisationLife + hours(15)))), "capture_date")
      << "the day after the last";
  must(modify_of(paid.id, to(kStart + kAuthorisationLife + hours(13))));
  must(modify_of(paid.id, to(kStart + kAuthorisationLife)));
  env_->advance_to(kFirstCapture);
  EXPECT_EQ(run_jobs(), 0);
  env_->advance_to(kStart + kAuthorisationLife);
  EXPECT_EQ(run_jobs(), 1);
  EXPECT_EQ(state(paid.id), State::captured);
}

TEST_P(Modify, MovesTheAuthorisationOfAWaitingTransactionAlong) {
  NewPayment wanted = request(1000);
  wanted.capture_delay_days = 20;
  const Transaction waiting = pay(wanted).transaction;
  must(modify_of(waiting.id, {.amount = eur(500), .capture_at = kFirstCapture + days(10)}));
  EXPECT_EQ(load(waiting.id).due.at, kFirstCapture + days(9));
  env_->advance_to(kFirstCapture + days(9));
  run_jobs();
  EXPECT_EQ(env_->acquirer.authorisations().back().amount, eur(500));
  EXPECT_EQ(balance(waiting, Account::held), 500);
}

TEST_P(Modify, TouchesNothingThatWasHandedOverOrIsARefund) {
  const Transaction paid = captured();
  const Modification lower{.amount = eur(1), .capture_at = std::nullopt};
  EXPECT_EQ(code_of(modify_of(paid.id, lower)), base::ErrorCode::wrong_state);
  EXPECT_EQ(code_of(modify_of(must(refund_of(paid.id, 100)).id, lower)), base::ErrorCode::wrong_state);
}

class ValidateForLess : public UseCaseTest {
 protected:
  Transaction to_validate(int delay_days = 0) {
    NewPayment wanted = request(1000);
    wanted.manual_validation = true;
    wanted.capture_delay_days = delay_days;
    return pay(wanted).transaction;
  }
};
ACQUIT_ON_BOTH_ENGINES(ValidateForLess);

TEST_P(ValidateForLess, LowersAndValidatesInOneCommit) {
  const Transaction waiting = to_validate();
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

TEST_P(ValidateForLess, ChangesNothingWhereTheAmountIsWrong) {
  const struct {
    base::Money amount;
    base::ErrorCode code;
  } rows[] = {{eur(1001), base::ErrorCode::amount_exceeds_authorised},
              {eur(0), base::ErrorCode::field_value},
              {{500, *base::Currency::from_code("CHF")}, base::ErrorCode::currency_mismatch}};
  const Transaction waiting = to_validate();
  for (const auto& row : rows) {
    EXPECT_EQ(code_of(validate_of(waiting.id, row.amount)), row.code) << row.amount.minor();
    EXPECT_EQ(state(waiting.id), State::to_validate);
    EXPECT_EQ(load(waiting.id).amount, eur(1000));
  }
}

TEST_P(ValidateForLess, LowersWhatIsAuthorisedLater) {
  const Transaction waiting = to_validate(20);
  must(validate_of(waiting.id, eur(600)));
  EXPECT_EQ(state(waiting.id), State::waiting_authorisation);
  env_->advance_to(*load(waiting.id).due.at);
  run_jobs();
  EXPECT_EQ(env_->acquirer.authorisations().back().amount, eur(600));
}

TEST_P(ValidateForLess, LeavesTheAmountOfWhatNeedsNoValidation) {
  const Transaction paid = pay(request(1000)).transaction;
  EXPECT_EQ(code_of(validate_of(paid.id, eur(600))), base::ErrorCode::wrong_state);
  EXPECT_EQ(load(paid.id).amount, eur(1000));
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

TEST_P(Refund, RefusesAmountsThatAreNone) {
  const Transaction paid = captured(1000);
  EXPECT_EQ(code_of(refund_of(paid.id, 0)), base::ErrorCode::field_value);
  EXPECT_EQ(code_of(refund_of(paid.id, -5)), base::ErrorCode::field_value);
  const auto other = base::sync_wait(refund(env_->context(), TestPermit(base::Actor::user("x")), env_->shop(), paid.id,
                                            {100, *base::Currency::from_code("CHF")}));
  EXPECT_EQ(code_of(other), base::ErrorCode::currency_mismatch);
}

TEST_P(Refund, WaitsForTheCapture) {
  EXPECT_EQ(code_of(refund_of(pay(request()).transaction.id, 1)), base::ErrorCode::wrong_state);
  const Transaction paid = captured();
  EXPECT_EQ(code_of(refund_of(must(refund_of(paid.id, 10)).id, 1)), base::ErrorCode::wrong_state)
      << "no refund of a refund";
}

TEST_P(Refund, CountsNoLongerOnceTheAcquirerRejectedIt) {
  const Transaction paid = captured(1000);
  const Transaction credit = must(refund_of(paid.id, 1000));
  env_->acquirer.on_advise(decline("12"));
  env_->advance_to(credit.capture.at);
  run_jobs();
  env_->deliver();
  EXPECT_EQ(state(credit.id), State::capture_failed);
  for (const Account account : {Account::buyer, Account::held, Account::receivable})
    EXPECT_EQ(balance(credit, account), 0);
  EXPECT_TRUE(refund_of(paid.id, 1000));
}

TEST_P(Refund, NeverGivesBackMoreThanWasCapturedWithFiftyAtOnceOnTwoServers) {
  constexpr std::int64_t kCaptured = 10'000;
  const Transaction paid = captured(kCaptured);
  std::vector<std::future<base::Result<Transaction>>> calls;
  std::vector<std::int64_t> amounts;
  for (int i = 0; i < 50; ++i) {
    const Context& context = i % 2 == 0 ? env_->context() : *env_->second_node().context;
    amounts.push_back(1 + static_cast<std::int64_t>(env_->random.below(1'000)));
    calls.push_back(db::testing::start(refund(context, kPermit, env_->shop(), paid.id, eur(amounts.back()))));
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
    return base::sync_wait(leave_payment(env_->context(), kBuyer, env_->shop(), id));
  }
};
ACQUIT_ON_BOTH_ENGINES(Leave);

TEST_P(Leave, AbandonsAPaymentThatNobodyTried) {
  const Payment payment = must(create(request()));
  const StepResult left = must(leave(payment.id));
  EXPECT_EQ(left.transaction.state, State::abandoned);
  EXPECT_TRUE(left.notification);
  EXPECT_EQ(notifications(left.transaction.id), std::vector<std::string>{"rule=cancellation"});
  EXPECT_EQ(history(left.transaction.id).back(), "abandon by buyer: initiated > abandoned");
  EXPECT_EQ(code_of(begin(payment.id)), base::ErrorCode::wrong_state);
}

TEST_P(Leave, KeepsARefusalARefusal) {
  const auto refused = pay(request(), decline("51"));
  const StepResult left = must(leave(refused.payment.id));
  EXPECT_EQ(left.transaction.state, State::refused);
  EXPECT_EQ(notifications(left.transaction.id), std::vector<std::string>{"rule=end_of_payment"});
  env_->advance_to(kStart + hours(1));
  EXPECT_EQ(run_jobs(), 0);
}

TEST_P(Leave, ChangesNothingOnceThePaymentEnded) {
  const auto paid = pay(request());
  const StepResult left = must(leave(paid.payment.id));
  EXPECT_EQ(left.transaction.state, State::authorised);
  EXPECT_FALSE(left.notification);
  EXPECT_EQ(notifications(paid.transaction.id).size(), 1U);
}

TEST_P(Leave, LetsTheAcquirerAnswerFirst) {
  const Payment payment = must(create(request()));
  must(begin(payment.id));
  EXPECT_EQ(code_of(leave(payment.id)), base::ErrorCode::wrong_state);
}

TEST_P(Leave, IsNotForTheJobWhileTheBuyerHasTime) {
  const Payment payment = must(create(request()));
  const auto left = base::sync_wait(leave_expired(env_->context(), env_->shop(), payment.id));
  EXPECT_EQ(code_of(left), base::ErrorCode::wrong_state);
}

}  // namespace
}  // namespace acquit::payments::testing

// The acquirer's line is full, away, or can't be used at all: nothing was sent, so nothing is refused.
#include "payments/bank/authorise.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

class BusyLine : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(BusyLine);

TEST_P(BusyLine, GivesATryBackThatWaitedInLineInVain) {
  NewPayment wanted = request();
  wanted.attempts_max = 1;
  const Payment payment = must(create(wanted));
  for (int i = 0; i < 3; ++i) {
    env_->acquirer.on_authorise(kBusy);
    const StepResult attempt = must(begin(payment.id));
    EXPECT_EQ(code_of(ask(attempt)), base::ErrorCode::line_busy);
    const Transaction stored = load(attempt.transaction.id);
    EXPECT_EQ(stored.state, State::initiated);
    EXPECT_EQ(stored.trace, std::nullopt) << "nothing that a reversal could name";
    EXPECT_EQ(stored.due.at, load_payment(payment.id).expires_at) << "the job ends the payment if nobody tries again";
    EXPECT_EQ(stored.answer.response_code, "");
    EXPECT_EQ(history(stored.id).back(), "withdraw by job: authorising > initiated");
    EXPECT_EQ(load_payment(payment.id).attempts, 0);
    EXPECT_FALSE(load_payment(payment.id).ended_at);
  }
  EXPECT_EQ(transactions(payment.id).size(), 1U) << "no refused ones stay behind";
  EXPECT_TRUE(env_->outbox(kTopicReversal).empty());
  EXPECT_TRUE(env_->outbox(kTopicNotification).empty()) << "the shop hears of no refusal";
  EXPECT_EQ(pay_again(payment.id).transaction.state, State::authorised);
  EXPECT_EQ(load_payment(payment.id).attempts, 1);
}

// As the line says no, and as the operator hears of it.
TEST_P(BusyLine, GivesATryBackOfWhatOurSettingsKeepFromBeingSent) {
  LineFaults faults(env_->clock);
  env_->services().line_faults = &faults;
  const Payment payment = must(create(request()));
  const auto expect_untried = [&](std::string_view what, std::uint64_t told) {
    EXPECT_EQ(load_payment(payment.id).attempts, 0) << what;
    EXPECT_FALSE(load_payment(payment.id).ended_at) << what;
    EXPECT_EQ(transactions(payment.id).size(), 1U) << what;
    EXPECT_EQ(transactions(payment.id)[0].state, State::initiated) << what;
    EXPECT_TRUE(env_->outbox(kTopicReversal).empty()) << what;
    EXPECT_TRUE(env_->outbox(kTopicNotification).empty()) << what;
    EXPECT_EQ(faults.count(), told) << what;
    EXPECT_FALSE(faults.fit()) << what;
  };
  env_->acquirer.on_authorise(kUnavailable);
  EXPECT_EQ(code_of(ask(must(begin(payment.id)))), base::ErrorCode::unsendable);
  expect_untried("what the line's format can't say", 1);

  StepResult begun = must(begin(payment.id));
  begun.transaction.contract_id = 999'999;
  EXPECT_EQ(code_of(ask(begun)), base::ErrorCode::unsendable);
  expect_untried("a contract that is gone", 2);

  const StepResult asked = must(begin(payment.id));
  const AcquirerLines lines = env_->acquirers.extract("acquirer").mapped();
  EXPECT_EQ(code_of(ask(asked)), base::ErrorCode::unsendable);
  expect_untried("a line that went in between", 3);

  EXPECT_EQ(code_of(begin(payment.id)), base::ErrorCode::unsendable);
  expect_untried("no line", 4);

  env_->acquirers["acquirer"] = lines;
  EXPECT_EQ(pay_again(payment.id).transaction.state, State::authorised);
  env_->clock.advance(LineFaults::kUnfitFor);
  EXPECT_TRUE(faults.fit());
}

TEST_P(BusyLine, GivesATryBackAfterAnAuthentication) {
  const Payment payment = must(create(request()));
  AttemptRequest with = card();
  with.first = FirstStep::authenticate;
  const StepResult attempt = must(begin(payment.id, with));
  env_->acquirer.on_authorise(kBusy);
  AuthenticationResult proof;
  proof.status = "Y";
  proof.eci = "05";
  proof.cavv = "AAABBZEEBQAAAAAAAAQFAAAAAAA=";
  const Authenticated asked{.transaction = attempt.transaction.id, .card = with.card, .result = proof};
  EXPECT_EQ(code_of(base::sync_wait(authorise_authenticated(env_->services(), env_->shop(), asked))),
            base::ErrorCode::line_busy);
  EXPECT_EQ(state(attempt.transaction.id), State::initiated);
  EXPECT_FALSE(load(attempt.transaction.id).authentication.has_proof()) << "the next try authenticates anew";
  EXPECT_EQ(load_payment(payment.id).attempts, 0);
}

TEST_P(BusyLine, AsksLaterForWhatTheJobWaitedInVain) {
  NewPayment late = request();
  late.capture_delay_days = 9;
  const Transaction waiting = pay(late).transaction;
  env_->advance_to(*waiting.due.authorise_at);
  env_->acquirer.on_authorise(kBusy);
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::waiting_authorisation);
  env_->clock.advance(std::chrono::minutes(16));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::authorised);
}

}  // namespace
}  // namespace acquit::payments::testing

#include "payments/ending/instalments.h"

#include "payments/nouns/calendar.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;

// Waiting transactions: verified now, authorised near their day.
class WaitingAuthorisation : public UseCaseTest {
 protected:
  NewPayment delayed(int delay_days, bool manual = false) {
    NewPayment wanted = request(1000);
    wanted.capture_delay_days = delay_days;
    wanted.manual_validation = manual;
    return wanted;
  }
};
ACQUIT_ON_BOTH_ENGINES(WaitingAuthorisation);

TEST_P(WaitingAuthorisation, IsForCapturesBeyondTheLifeOfAnAuthorisation) {
  EXPECT_EQ(pay(delayed(6)).transaction.state, State::authorised);
  const Transaction waiting = pay(delayed(9)).transaction;
  EXPECT_EQ(waiting.state, State::waiting_authorisation);
  const auto asked = env_->acquirer.authorisations();
  EXPECT_FALSE(asked.at(0).verification);
  EXPECT_EQ(asked.at(0).amount, eur(1000));
  EXPECT_TRUE(asked.at(1).verification);
  EXPECT_EQ(asked.at(1).amount, eur(0));
  EXPECT_EQ(balance(waiting, Account::held), 0) << "nothing is promised yet";
  EXPECT_EQ(notifications(waiting.id), std::vector<std::string>{"rule=end_of_payment"});
}

TEST_P(WaitingAuthorisation, IsAuthorisedTheDayBeforeAndThenCaptured) {
  const Transaction waiting = pay(delayed(9)).transaction;
  const base::Time capture_at = kFirstCapture + days(9);
  EXPECT_EQ(load(waiting.id).due.at, capture_at - days(1));
  env_->advance_to(capture_at - days(1));
  EXPECT_EQ(run_jobs(), 1);
  const Transaction authorised = load(waiting.id);
  EXPECT_EQ(authorised.state, State::authorised);
  EXPECT_EQ(balance(authorised, Account::held), 1000);
  EXPECT_EQ(notifications(waiting.id).back(), "rule=batch_authorisation");
  EXPECT_EQ(history(waiting.id).back(), "approve by job: authorising > authorised");
  const auto asked = env_->acquirer.authorisations();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_FALSE(asked[1].verification);
  EXPECT_EQ(asked[1].amount, eur(1000));
  EXPECT_EQ(asked[1].entry, connectors::Entry::credential_on_file);
  EXPECT_FALSE(asked[1].security_code) << "never stored";
  EXPECT_EQ(asked[1].card.pan.reveal(), kCbNumber);
  EXPECT_NE(asked[1].reference, asked[0].reference) << "an acquirer takes no reference twice";
  env_->advance_to(capture_at);
  run_jobs();
  env_->deliver();
  EXPECT_EQ(state(waiting.id), State::captured);
  EXPECT_EQ(env_->acquirer.advices().at(0).reference, asked[1].reference);
}

TEST_P(WaitingAuthorisation, IsRefusedWhereTheAcquirerDeclinesNearTheDay) {
  const Transaction waiting = pay(delayed(9)).transaction;
  env_->advance_to(kFirstCapture + days(8));
  env_->acquirer.on_authorise(decline("51"));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::refused);
  EXPECT_EQ(notifications(waiting.id).back(), "rule=batch_authorisation");
}

TEST_P(WaitingAuthorisation, IsAskedAgainWhereTheAcquirerWasOutOfReach) {
  const Transaction waiting = pay(delayed(9)).transaction;
  env_->advance_to(kFirstCapture + days(8));
  env_->acquirer.on_authorise(kUnavailable);
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::waiting_authorisation);
  EXPECT_EQ(run_jobs(), 0);
  env_->clock.advance(std::chrono::minutes(15));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::authorised);
}

TEST_P(WaitingAuthorisation, IsReversedAndAskedAgainUnderAnotherReferenceAfterASilence) {
  const Transaction waiting = pay(delayed(9)).transaction;
  env_->advance_to(kFirstCapture + days(8));
  env_->acquirer.on_authorise(kUnknown);
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::authorising);
  env_->deliver();
  EXPECT_EQ(state(waiting.id), State::waiting_authorisation);
  EXPECT_TRUE(notifications(waiting.id).size() == 1) << "nothing to tell yet";
  env_->clock.advance(std::chrono::minutes(15));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::authorised);
  const auto asked = env_->acquirer.authorisations();
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_NE(asked[2].reference, asked[1].reference);
  EXPECT_EQ(env_->acquirer.reversals().at(0).reference, asked[1].reference);
}

TEST_P(WaitingAuthorisation, IsReversedForTheZeroThatAVerificationAsked) {
  pay(delayed(9), kUnknown);
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().at(0).amount, eur(0));
}

TEST_P(WaitingAuthorisation, ExpiresOnItsDayWhereTheMerchantDoesNotValidate) {
  const Transaction waiting = pay(delayed(9, /*manual=*/true)).transaction;
  EXPECT_EQ(waiting.state, State::waiting_authorisation);
  env_->advance_to(kFirstCapture + days(8));
  EXPECT_EQ(run_jobs(), 0);
  env_->advance_to(kFirstCapture + days(9));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::expired);
  EXPECT_TRUE(env_->outbox(kTopicReversal).empty()) << "nothing was held";
}

TEST_P(WaitingAuthorisation, IsAuthorisedOnItsDayOnceValidated) {
  const Transaction waiting = pay(delayed(9, /*manual=*/true)).transaction;
  EXPECT_EQ(must(validate_of(waiting.id)).state, State::waiting_authorisation);
  EXPECT_EQ(run_jobs(), 0);
  env_->advance_to(kFirstCapture + days(8));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::authorised);
}

TEST_P(WaitingAuthorisation, IsAuthorisedAtOnceWhenValidatedOnTheLastDay) {
  const Transaction waiting = pay(delayed(9, /*manual=*/true)).transaction;
  env_->advance_to(kFirstCapture + days(9) - hours(1));
  must(validate_of(waiting.id));
  EXPECT_EQ(run_jobs(), 1);
  EXPECT_EQ(state(waiting.id), State::authorised);
}

class Instalments : public UseCaseTest {
 protected:
  NewPayment plan(std::int64_t minor, std::string_view text) {
    NewPayment wanted = request(minor);
    wanted.plan = Plan::parse(text).value();
    return wanted;
  }
};
ACQUIT_ON_BOTH_ENGINES(Instalments);

// lyra.md §1.6: 200.00, first=100.00, count=4, period=30, delay 2.
TEST_P(Instalments, FollowTheDocumentedExample) {
  NewPayment wanted = plan(20'000, "MULTI:first=10000;count=4;period=30");
  wanted.capture_delay_days = 2;
  const auto paid = pay(wanted);
  const auto all = transactions(paid.payment.id);
  ASSERT_EQ(all.size(), 4U);
  const std::int64_t amounts[] = {10'000, 3'333, 3'333, 3'334};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(all[i].sequence, static_cast<int>(i) + 1);
    EXPECT_EQ(all[i].amount, eur(amounts[i])) << i;
    EXPECT_EQ(all[i].state, i == 0 ? State::authorised : State::waiting_authorisation);
    EXPECT_EQ(all[i].kind, Kind::debit);
  }
  EXPECT_EQ(all[0].capture.at, kFirstCapture + days(2));
  EXPECT_EQ(all[1].capture.at, kFirstCapture + days(32));
  EXPECT_EQ(all[2].capture.at, kFirstCapture + days(62));
  EXPECT_EQ(all[3].capture.at, kFirstCapture + days(92));
  EXPECT_EQ(env_->acquirer.authorisations().size(), 1U);
  EXPECT_EQ(env_->acquirer.authorisations()[0].amount, eur(10'000));
}

TEST_P(Instalments, KeepTheirHourOverTheChangeOfClocks) {
  // 15 June + 150 days lies in winter time: 22:00 in Paris is 21:00 UTC then, not 20:00.
  const auto paid = pay(plan(1'000, "MULTI:first=500;count=2;period=150"));
  EXPECT_EQ(transactions(paid.payment.id).at(1).capture.at, kFirstCapture + days(150) + hours(1));
}

TEST_P(Instalments, AreAuthorisedAndCapturedByTheJobOnTheirDays) {
  const auto paid = pay(plan(1'000, "MULTI:first=400;count=3;period=30"));
  const auto all = transactions(paid.payment.id);
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      env_->advance_to(all[i].capture.at - days(1));
      EXPECT_EQ(run_jobs(), 1) << i;
      EXPECT_EQ(state(all[i].id), State::authorised) << i;
    }
    env_->advance_to(all[i].capture.at);
    EXPECT_EQ(run_jobs(), 1) << i;
    EXPECT_EQ(state(all[i].id), State::captured) << i;
  }
  EXPECT_EQ(env_->balance_of_payment(paid.payment.id, Account::receivable), 1'000);
}

TEST_P(Instalments, AreNotMadeBeyondTheExpiryOfTheCard) {
  // Captures on 15 June, 15 July, 14 August; the card is good to the end of July.
  const auto paid = pay(plan(900, "MULTI:first=300;count=3;period=30"), {}, card(kCbNumber, 2026, 7));
  const auto all = transactions(paid.payment.id);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].sequence, 2);
}

TEST_P(Instalments, AreRefusedWithTheFirstOnceNoTryIsLeft) {
  NewPayment wanted = plan(900, "MULTI:first=300;count=3;period=30");
  wanted.attempts_max = 2;
  const auto refused = pay(wanted, decline("51"));
  EXPECT_EQ(transactions(refused.payment.id).size(), 1U) << "the buyer may try again";
  pay_again(refused.payment.id, decline("51"));
  const auto all = transactions(refused.payment.id);
  ASSERT_EQ(all.size(), 4U) << "two tries, and the rest of the plan";
  for (const Transaction& transaction : all) EXPECT_EQ(transaction.state, State::refused) << transaction.sequence;
  EXPECT_EQ(all[2].sequence, 2);
  EXPECT_EQ(all[3].sequence, 3);
  EXPECT_EQ(all[2].cause, Cause::first_instalment_refused);
  EXPECT_EQ(all[3].cause, Cause::first_instalment_refused);
  EXPECT_FALSE(all[3].due.at);
  EXPECT_EQ(history(all[3].id).back(), "decline by job: initiated > refused");
}

TEST_P(Instalments, AreMadeOnceATryIsAccepted) {
  const auto refused = pay(plan(900, "MULTI:first=300;count=3;period=30"), decline("51"));
  EXPECT_EQ(transactions(refused.payment.id).size(), 1U);
  pay_again(refused.payment.id);
  EXPECT_EQ(transactions(refused.payment.id).size(), 4U) << "the refused one, and a whole plan";
}

TEST_P(Instalments, WithDatesAreCapturedOnThem) {
  const auto paid = pay(plan(1'000, "MULTI_EXT:20260615=200;20260701=300;20261220=500"));
  EXPECT_EQ(paid.transaction.state, State::authorised);
  const auto all = transactions(paid.payment.id);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].amount, eur(200));
  EXPECT_EQ(all[0].capture.at, kFirstCapture);
  EXPECT_EQ(all[1].amount, eur(300));
  EXPECT_EQ(all[1].capture.at, kFirstCapture + days(16));
  EXPECT_EQ(all[2].amount, eur(500));
  EXPECT_EQ(all[2].capture.at,
            capture_time_on(std::chrono::sys_days(std::chrono::year(2026) / 12 / 20), 22, "Europe/Paris"));
}

TEST_P(Instalments, WithAFirstDateFarAheadVerifyTheCardNow) {
  const auto paid = pay(plan(1'000, "MULTI_EXT:20260801=200;20260901=800"));
  EXPECT_EQ(paid.transaction.state, State::waiting_authorisation);
  EXPECT_TRUE(env_->acquirer.authorisations().at(0).verification);
}

TEST_P(Instalments, AwaitTheirValidationOneByOne) {
  NewPayment wanted = plan(1'000, "MULTI:first=500;count=2;period=30");
  wanted.manual_validation = true;
  const auto paid = pay(wanted);
  EXPECT_EQ(paid.transaction.state, State::to_validate);
  const Transaction second = transactions(paid.payment.id).at(1);
  must(validate_of(paid.transaction.id));
  env_->advance_to(second.capture.at);
  run_jobs();
  EXPECT_EQ(state(paid.transaction.id), State::captured);
  EXPECT_EQ(state(second.id), State::expired);
}

}  // namespace
}  // namespace acquit::payments::testing

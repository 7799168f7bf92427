#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;

// Waiting transactions: verified now, authorised near their day.
class WaitingAuthorisation : public UseCaseTest {
 protected:
  NewPayment delayed(int delay_days) {
    NewPayment wanted = request(1000);
    wanted.capture_delay_days = delay_days;
    return wanted;
  }
};
ACQUIT_ON_BOTH_ENGINES(WaitingAuthorisation);

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

}  // namespace
}  // namespace acquit::payments::testing

#include "payments/checkout/extend.h"
#include "payments/nouns/session.h"

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments {
namespace {

using namespace testing;
using std::chrono::minutes;

class Extend : public UseCaseTest {
 protected:
  base::Result<Payment> extend(const PaymentId& id) {
    return base::sync_wait(extend_payment(env_->services(), kShop, id));
  }
};
ACQUIT_ON_BOTH_ENGINES(Extend);

TEST_P(Extend, GivesTheBuyerTenMinutesMoreAtLeastTenTimes) {
  const Payment payment = must(create(request()));
  for (int times = 1; times <= 10; ++times) {
    env_->advance_to(load_payment(payment.id).expires_at - std::chrono::seconds(1));
    EXPECT_TRUE(can_extend(load_payment(payment.id))) << times;
    EXPECT_EQ(must(extend(payment.id)).expires_at, env_->clock.now() + kSessionLife) << times;
    EXPECT_EQ(transactions(payment.id).at(0).due.at, load_payment(payment.id).expires_at) << "the job looks later too";
    EXPECT_EQ(run_jobs(), 0);
  }
}

TEST_P(Extend, EndsTwoHoursAfterThePaymentWasMade) {
  const Payment payment = must(create(request()));
  while (load_payment(payment.id).expires_at < kStart + kSessionMax) {
    env_->advance_to(load_payment(payment.id).expires_at - std::chrono::seconds(1));
    must(extend(payment.id));
  }
  const Payment last = load_payment(payment.id);
  EXPECT_EQ(last.expires_at, kStart + kSessionMax);
  EXPECT_FALSE(can_extend(last));
  EXPECT_EQ(must(extend(payment.id)).expires_at, last.expires_at) << "asking once more changes nothing";
  env_->advance_to(last.expires_at);
  EXPECT_EQ(run_jobs(), 1);
  EXPECT_EQ(transactions(payment.id).at(0).state, State::abandoned);
}

TEST_P(Extend, KeepsTheJobFromEndingWhatItListedBefore) {
  const Payment payment = must(create(request()));
  env_->advance_to(payment.expires_at - minutes(1));
  must(extend(payment.id));
  env_->advance_to(payment.expires_at + std::chrono::seconds(1));
  EXPECT_EQ(code_of(base::sync_wait(leave_expired(env_->services(), env_->shop(), payment.id))),
            base::ErrorCode::wrong_state)
      << "a job that is late finds it extended";
  EXPECT_EQ(run_jobs(), 0);
  EXPECT_FALSE(load_payment(payment.id).ended_at);
  must(begin(payment.id));
}

TEST_P(Extend, HoldsForARefusedTryAndForOneAtTheBank) {
  const auto refused = pay(request(), decline("51"));
  env_->advance_to(refused.payment.expires_at - minutes(1));
  const Payment longer = must(extend(refused.payment.id));
  EXPECT_EQ(transactions(longer.id).back().due.at, longer.expires_at);
  AttemptRequest with = card();
  with.first = FirstStep::authenticate;
  must(begin(longer.id, with));
  env_->advance_to(longer.expires_at - minutes(1));
  const Payment again = must(extend(longer.id));
  EXPECT_EQ(transactions(longer.id).back().state, State::authenticating);
  EXPECT_EQ(transactions(longer.id).back().due.at, again.expires_at);
}

TEST_P(Extend, IsNotForAPaymentThatIsOver) {
  const Payment late = must(create(request()));
  env_->advance_to(late.expires_at);
  EXPECT_EQ(code_of(extend(late.id)), base::ErrorCode::expired);
  const auto paid = pay(request());
  EXPECT_EQ(code_of(extend(paid.payment.id)), base::ErrorCode::wrong_state);
  EXPECT_FALSE(can_extend(paid.payment));
}

}  // namespace
}  // namespace acquit::payments

#include <gmock/gmock.h>

#include "payments/testing/authenticate_fixture.h"

namespace acquit::payments {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using threeds::TransStatus;

class LostChallengeTest : public AuthenticateFixture {};
ACQUIT_ON_BOTH_ENGINES(LostChallengeTest);

TEST_P(LostChallengeTest, EndsAsRefusedWhenNobodyComesBackFromIt) {
  directory_.on_authenticate(TransStatus::challenge);
  (void)must(start(request()));
  env_->advance_to(last().payment.expires_at);
  run_jobs();
  const Transaction left = load(last().transaction.id);
  EXPECT_EQ(left.state, State::refused);
  EXPECT_EQ(left.cause, Cause::session_expired);
  EXPECT_TRUE(load_payment(last().payment.id).ended_at);
  EXPECT_THAT(notifications(left.id), ElementsAre("rule=end_of_payment"));
}

}  // namespace
}  // namespace acquit::payments

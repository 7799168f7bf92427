#include "payments/bank/late_approvals.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "payments/bank/message_payload.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

class LateApprovals : public UseCaseTest {
 protected:
  void approve_late(std::size_t authorisation) {
    env_->acquirer.approve_late(env_->acquirer.authorisations().at(authorisation));
    must(base::sync_wait(reverse_late_approvals(env_->services())));
  }
};
ACQUIT_ON_BOTH_ENGINES(LateApprovals);

TEST_P(LateApprovals, AreReversedWhereTheReversalCameBeforeWhatItReverses) {
  const auto asked = pay(request(1500), kUnknown);
  env_->acquirer.on_reverse({.code = "25"});
  env_->deliver();
  EXPECT_EQ(state(asked.transaction.id), State::refused);
  approve_late(0);
  EXPECT_TRUE(env_->acquirer.late_approvals().empty());
  env_->deliver();
  const auto reversed = env_->acquirer.reversals();
  ASSERT_EQ(reversed.size(), 2U);
  EXPECT_EQ(reversed[1].original, asked.transaction.trace);
  EXPECT_EQ(reversed[1].amount, eur(1500));
  EXPECT_EQ(reversed[1].reference, asked.transaction.reference);
  EXPECT_FALSE(reversed[1].repeat);
  EXPECT_NE(reversed[1].trace, reversed[0].trace) << "another message";
  EXPECT_EQ(state(asked.transaction.id), State::refused);
  EXPECT_THAT(history(asked.transaction.id), ::testing::Contains("late_approval by job: refused > refused"));
  EXPECT_TRUE(env_->outbox(kTopicReversal).empty());
}

TEST_P(LateApprovals, AreNotReversedAgainWhereTheAcquirerReversedThem) {
  const auto asked = pay(request(), kUnknown);
  env_->deliver();
  EXPECT_EQ(state(asked.transaction.id), State::refused);
  approve_late(0);
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().size(), 1U);
  EXPECT_EQ(history(asked.transaction.id).back(), "late_approval by job: refused > refused");
}

TEST_P(LateApprovals, AreReversedWhereOnlyAnEarlierTryWas) {
  NewPayment late = request(1500);
  late.capture_delay_days = 9;
  const Transaction waiting = pay(late).transaction;
  env_->advance_to(*waiting.due.authorise_at);
  for (const std::string code : {"00", "25"}) {
    env_->acquirer.on_authorise(kUnknown);
    run_jobs();
    env_->acquirer.on_reverse({.code = code});
    env_->deliver();
    ASSERT_EQ(state(waiting.id), State::waiting_authorisation);
    if (code == "00") env_->clock.advance(std::chrono::minutes(15));
  }
  approve_late(2);
  env_->deliver();
  ASSERT_EQ(env_->acquirer.reversals().size(), 3U);
  EXPECT_EQ(env_->acquirer.reversals()[2].original, load(waiting.id).trace);
}

// The process that asked is gone; the approval comes to another one.
TEST_P(LateApprovals, AreFoundInTheStoreByWhoDidNotAsk) {
  const auto given_up = pay(request(1500), kUnknown);
  env_->acquirer.on_reverse({.code = "25"});
  env_->deliver();
  pay(request(), decline("51"));
  pay(request());
  ASSERT_EQ(env_->acquirer.authorisations().size(), 3U);
  for (const auto& asked : env_->acquirer.authorisations()) env_->acquirer.approve_unclaimed(asked);
  must(base::sync_wait(reverse_late_approvals(env_->services())));
  EXPECT_TRUE(env_->acquirer.late_approvals().empty());
  env_->deliver();
  auto reversed = env_->acquirer.reversals();
  std::ranges::sort(reversed, {}, [](const connectors::Reversal& reversal) { return reversal.original.stan; });
  ASSERT_EQ(reversed.size(), 3U) << "the unknown one again, the declined one, and not the one that was taken";
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_EQ(reversed[i].original, given_up.transaction.trace);
    EXPECT_EQ(reversed[i].amount, eur(1500));
    EXPECT_EQ(reversed[i].reference, given_up.transaction.reference);
  }
  EXPECT_EQ(reversed[2].original, env_->acquirer.authorisations()[1].trace);
}

// Whatever code the acquirer says yes with: the history knows whether it was taken.
TEST_P(LateApprovals, OfAVerificationThatWasTakenAreLeftAlone) {
  NewPayment late = request(1500);
  late.capture_delay_days = 9;
  const Transaction verified = pay(late, says("85", connectors::Verdict::approved)).transaction;
  ASSERT_EQ(verified.state, State::waiting_authorisation);
  env_->acquirer.approve_unclaimed(env_->acquirer.authorisations().at(0));
  must(base::sync_wait(reverse_late_approvals(env_->services())));
  env_->deliver();
  EXPECT_TRUE(env_->acquirer.reversals().empty());
  EXPECT_TRUE(env_->acquirer.late_approvals().empty());
}

TEST_P(LateApprovals, OfWhatNobodyKnowsAreLeftAlone) {
  auto asked = [&] {
    pay(request(), decline("51"));
    return env_->acquirer.authorisations().at(0);
  }();
  for (int i = 0; i < 3; ++i) {
    auto other = asked;
    if (i == 0) other.reference = "ANOTHER00001";
    if (i == 1) other.trace.stan += 1;
    if (i == 2) other.terminal.merchant_number = "0000001";
    env_->acquirer.approve_unclaimed(other);
  }
  must(base::sync_wait(reverse_late_approvals(env_->services())));
  env_->deliver();
  EXPECT_TRUE(env_->acquirer.reversals().empty());
  EXPECT_TRUE(env_->acquirer.late_approvals().empty());
}

TEST_P(LateApprovals, AreReversedByTheReversalThatIsUnderWay) {
  const auto asked = pay(request(), kUnknown);
  approve_late(0);
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().size(), 1U);
  EXPECT_EQ(state(asked.transaction.id), State::refused);
}

TEST_P(LateApprovals, AreReversedAnewWhereTheFirstReversalFoundNothing) {
  const auto asked = pay(request(), kUnknown);
  approve_late(0);
  env_->acquirer.on_reverse({.code = "25"});
  env_->acquirer.on_reverse({.code = "00"});
  env_->deliver();
  EXPECT_EQ(state(asked.transaction.id), State::authorising) << "not before it is surely reversed";
  env_->clock.advance(std::chrono::minutes(1));
  env_->deliver();
  const auto reversed = env_->acquirer.reversals();
  ASSERT_EQ(reversed.size(), 2U);
  EXPECT_FALSE(reversed[1].repeat);
  EXPECT_NE(reversed[1].trace, reversed[0].trace);
  EXPECT_EQ(state(asked.transaction.id), State::refused);
}

TEST_P(LateApprovals, AreInsistedOnOnceOnly) {
  const auto asked = pay(request(), kUnknown);
  approve_late(0);
  for (int i = 0; i < 2; ++i) env_->acquirer.on_reverse({.code = "25"});
  for (int i = 0; i < 3; ++i) {
    env_->deliver();
    env_->clock.advance(std::chrono::minutes(1));
  }
  EXPECT_EQ(env_->acquirer.reversals().size(), 2U);
  EXPECT_EQ(state(asked.transaction.id), State::refused);
}

TEST_P(LateApprovals, NameWhatWasApprovedThoughTheTransactionWentOn) {
  NewPayment late = request(1500);
  late.capture_delay_days = 9;
  const Transaction waiting = pay(late).transaction;
  env_->advance_to(*waiting.due.authorise_at);
  env_->acquirer.on_authorise(kUnknown);
  run_jobs();
  const Transaction first = load(waiting.id);
  env_->acquirer.on_reverse({.code = "25"});
  env_->deliver();
  env_->clock.advance(std::chrono::minutes(15));
  run_jobs();
  ASSERT_EQ(state(waiting.id), State::authorised) << "asked again under another trace and reference";
  approve_late(1);
  env_->deliver();
  const auto reversed = env_->acquirer.reversals();
  ASSERT_EQ(reversed.size(), 2U);
  EXPECT_EQ(reversed[1].original, first.trace);
  EXPECT_EQ(reversed[1].reference, first.reference);
  EXPECT_NE(load(waiting.id).reference, first.reference);
  EXPECT_EQ(state(waiting.id), State::authorised) << "the second authorisation stands";
  EXPECT_EQ(balance(load(waiting.id), Account::held), 1500);
}

// The resolver was faster than the answer: its reversal may have been, too.
TEST_P(LateApprovals, AreThoseThatTheResolverDidNotWaitFor) {
  const Payment payment = must(create(request()));
  const AttemptRequest with = card();
  env_->acquirer.on_authorise(kLate);
  auto asked = db::testing::start(authorise(env_->services(), env_->shop(), must(begin(payment.id)), with.card, false));
  env_->acquirer.wait_for_late();
  env_->clock.advance(kResolveAfter);
  run_jobs();
  env_->acquirer.on_reverse({.code = "25"});
  env_->deliver();
  env_->acquirer.release({});
  const auto result = must(asked.get());
  EXPECT_EQ(result.transaction.state, State::refused);
  env_->deliver();
  const auto reversed = env_->acquirer.reversals();
  ASSERT_EQ(reversed.size(), 2U);
  EXPECT_EQ(reversed[1].original, result.transaction.trace);
}

TEST(MessagePayload, IsReadAsItWasWritten) {
  const connectors::Trace trace{.stan = 12, .sent_at = base::time_from_ms(1'700'000'000'000)};
  for (const MessagePayload& payload :
       {MessagePayload{.why = "late",
                       .trace = trace,
                       .lost = true,
                       .insisted = true,
                       .original = MessagePayload::Original{.trace = trace, .reference = "R&=1", .minor = 1500}},
        MessagePayload{.why = "", .trace = trace, .lost = false}, MessagePayload{.why = "release"}}) {
    const std::string text = to_text(payload);
    EXPECT_EQ(to_text(parse_payload(text)), text);
    EXPECT_EQ(parse_payload(text).lost, payload.lost) << text;
  }
  EXPECT_EQ(parse_payload("batch").why, "batch");
  EXPECT_EQ(parse_payload("").why, "");
  EXPECT_TRUE(parse_payload("why=&stan=12&sent_at=1700000000000").lost) << "of a release that did not say";
}

}  // namespace
}  // namespace acquit::payments::testing

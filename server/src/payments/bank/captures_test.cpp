// Captures and refunds on their way to the bank, and what it makes of them.
#include <algorithm>

#include "base/testing/eventually.h"
#include "payments/bank/bank_messages.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class Captures : public UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(Captures);

TEST_P(Captures, AreHandedOverAgainUnderTheSameTraceUntilAcknowledged) {
  const Transaction paid = pay(request()).transaction;
  env_->advance_to(kFirstCapture);
  run_jobs();
  env_->acquirer.on_advise(kUnknown);
  env_->acquirer.on_advise(kUnknown);
  for (int i = 0; i < 4; ++i) {
    env_->deliver();
    env_->clock.advance(minutes(16));
  }
  const auto advised = env_->acquirer.advices();
  ASSERT_EQ(advised.size(), 3U);
  EXPECT_FALSE(advised[0].repeat);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_TRUE(advised[i].repeat);
    EXPECT_EQ(advised[i].trace.stan, advised[0].trace.stan);
  }
  EXPECT_EQ(state(paid.id), State::captured);
}

TEST_P(Captures, AreHandedOverUnderTheSameTraceAfterACrash) {
  pay(request());
  env_->advance_to(kFirstCapture);
  run_jobs();
  env_->acquirer.on_advise(kLate);
  static_cast<void>(must(base::sync_wait(env_->node().outbox->dispatch_due())));
  env_->acquirer.wait_for_late();
  env_->clock.advance(minutes(2));
  TestNode& other = env_->second_node();
  static_cast<void>(must(base::sync_wait(other.outbox->dispatch_due())));
  ASSERT_TRUE(base::testing::eventually([&] { return other.outbox->in_flight() == 0; }));
  const auto advised = env_->acquirer.advices();
  env_->acquirer.release({});
  ASSERT_EQ(advised.size(), 2U);
  EXPECT_TRUE(advised[1].repeat);
  EXPECT_EQ(advised[1].trace.stan, advised[0].trace.stan);
}

// What the bank answers to the first message and to its repetition, and what the books say then.
struct Answers {
  Reply first;
  Reply second;
  State expected;
  std::string_view last;  ///< Of the history.
};
const Answers kAnswers[] = {
    {decline("94"), {}, State::captured, "acknowledged"},
    {kUnknown, decline("94"), State::captured, "acknowledged"},
    {kUnknown, {}, State::captured, "acknowledged"},
    {decline("12"), {}, State::capture_failed, "reject_capture"},
    {decline("25"), {}, State::capture_failed, "reject_capture"},
    {decline("91"), decline("12"), State::capture_failed, "reject_capture"},
    {kUnavailable, decline("12"), State::capture_failed, "reject_capture"},
    {kBusy, decline("12"), State::capture_failed, "reject_capture"},
    {kUnknown, decline("12"), State::captured, "capture_doubtful"},
    {kUnknown, decline("25"), State::captured, "capture_doubtful"},
    {decline("??"), decline("12"), State::captured, "capture_doubtful"},
};

TEST_P(Captures, AreDoubtfulWhereTheBankDeniesWhatItMayHave) {
  for (const Answers& row : kAnswers) {
    const Transaction paid = pay(request(1000)).transaction;
    env_->advance_to(paid.capture.at);
    run_jobs();
    env_->acquirer.on_advise(row.first);
    env_->deliver();
    if (state(paid.id) == State::captured && history(paid.id).back().starts_with("acknowledged") == false) {
      env_->acquirer.on_advise(row.second);
      env_->clock.advance(hours(1));
      env_->deliver();
    }
    EXPECT_EQ(state(paid.id), row.expected) << row.first.code << " then " << row.second.code;
    EXPECT_TRUE(history(paid.id).back().starts_with(row.last)) << history(paid.id).back();
    const bool doubtful = row.last == "capture_doubtful";
    EXPECT_EQ(env_->outbox(kTopicAdvice).size(), doubtful ? 1U : 0U);
    EXPECT_EQ(balance(load(paid.id), Account::receivable), row.expected == State::captured ? 1000 : 0);
    if (!doubtful) continue;
    env_->clock.advance(hours(1));
    env_->deliver();
    EXPECT_TRUE(history(paid.id).back().starts_with("acknowledged")) << "it is asked again, and the doubt may end";
  }
}

TEST_P(Captures, AreDoubtfulOnceHoweverOftenTheBankDeniesThem) {
  const Transaction paid = pay(request(1000)).transaction;
  env_->advance_to(paid.capture.at);
  run_jobs();
  env_->acquirer.on_advise(kUnknown);
  for (int i = 0; i < 4; ++i) env_->acquirer.on_advise(decline("12"));
  for (int i = 0; i < 5; ++i) {
    env_->deliver();
    env_->clock.advance(hours(1));
  }
  EXPECT_EQ(std::ranges::count(history(paid.id), "capture_doubtful by job: captured > captured"), 1);
  EXPECT_EQ(state(paid.id), State::captured);
  EXPECT_TRUE(env_->acquirer.reversals().empty());
}

// Who goes away in the middle of a message leaves its answer unread.
TEST_P(Captures, AreDoubtfulWhereTheAnswerWasLostInACrash) {
  const Transaction paid = pay(request()).transaction;
  env_->advance_to(kFirstCapture);
  run_jobs();
  env_->acquirer.on_advise(decline("91"));
  env_->deliver();
  env_->acquirer.on_advise(kLate);
  env_->clock.advance(minutes(1));
  static_cast<void>(must(base::sync_wait(env_->node().outbox->dispatch_due())));
  env_->acquirer.wait_for_late();
  env_->acquirer.on_advise(decline("12"));
  env_->clock.advance(minutes(2));
  TestNode& other = env_->second_node();
  static_cast<void>(must(base::sync_wait(other.outbox->dispatch_due())));
  ASSERT_TRUE(base::testing::eventually([&] { return other.outbox->in_flight() == 0; }));
  EXPECT_EQ(history(paid.id).back(), "capture_doubtful by job: captured > captured");
  env_->acquirer.release(kUnknown);
}

}  // namespace
}  // namespace acquit::payments::testing

// What becomes of each message to the bank by each kind of answer, and what a person does about a doubt.
#include "payments/bank/doubts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "payments/bank/compare_with_bank.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

enum class Sent : std::uint8_t { reversal, advice };

// The bank answers each time the same.
struct Always {
  Sent sent;
  std::string_view what;
  Reply reply;
  State state;
  std::string_view last;  ///< Of the history.
  std::size_t messages;   ///< Until the doubt, or the end.
};

constexpr std::size_t kAll = kTriesBeforeDoubt;
const Always kAlways[] = {
    {Sent::reversal, "acknowledged", {}, State::refused, "reverse", 1},
    {Sent::reversal, "known already", decline("94"), State::refused, "reverse", 1},
    {Sent::reversal, "unknown record", decline("25"), State::refused, "reverse", 1},
    {Sent::reversal, "refused, retry", decline("91"), State::authorising, "reversal_doubtful", kAll},
    {Sent::reversal, "refused, final", decline("12"), State::authorising, "reversal_doubtful", kAll},
    {Sent::reversal, "unclear", decline("??"), State::authorising, "reversal_doubtful", kAll},
    {Sent::reversal, "no usable answer", kUnknown, State::authorising, "reversal_doubtful", kAll},
    {Sent::reversal, "can't be sent", kUnavailable, State::authorising, "reversal_doubtful", kAll},
    {Sent::advice, "acknowledged", {}, State::captured, "acknowledged", 1},
    {Sent::advice, "known already", decline("94"), State::captured, "acknowledged", 1},
    {Sent::advice, "unknown record", decline("25"), State::capture_failed, "reject_capture", 1},
    {Sent::advice, "refused, retry", decline("91"), State::captured, "capture_doubtful", kAll},
    {Sent::advice, "refused, final", decline("12"), State::capture_failed, "reject_capture", 1},
    {Sent::advice, "unclear", decline("??"), State::captured, "capture_doubtful", 1},
    {Sent::advice, "no usable answer", kUnknown, State::captured, "capture_doubtful", kAll},
    {Sent::advice, "can't be sent", kUnavailable, State::captured, "capture_doubtful", kAll},
};

class Doubts : public UseCaseTest {
 protected:
  void order(Sent sent, const Reply& reply, int times = 1) {
    for (; times > 0; --times)
      sent == Sent::reversal ? env_->acquirer.on_reverse(reply) : env_->acquirer.on_advise(reply);
  }
  Transaction begin(Sent sent) {
    if (sent == Sent::reversal) return pay(request(1000), kUnknown).transaction;
    const Transaction paid = pay(request(1000)).transaction;
    env_->advance_to(paid.capture.at);
    run_jobs();
    return paid;
  }
  [[nodiscard]] std::size_t messages(Sent sent) const {
    return sent == Sent::reversal ? env_->acquirer.reversals().size() : env_->acquirer.advices().size();
  }
  // As often as the bank is asked until it is in doubt.
  void ask_for_long() {
    for (int i = 0; i < kTriesBeforeDoubt; ++i) {
      env_->deliver();
      env_->clock.advance(minutes(15));
    }
  }
  Transaction doubtful(Sent sent) {
    const Transaction transaction = begin(sent);
    order(sent, sent == Sent::reversal ? decline("12") : kUnknown, kTriesBeforeDoubt);
    ask_for_long();
    return load(transaction.id);
  }
  base::Result<Transaction> settle(const TransactionId& id, AtBank found) {
    return base::sync_wait(
        settle_reversal(env_->services(), TestPermit(base::Actor::operator_user("ada")), env_->shop(), id, found));
  }
  std::int64_t count() { return must(base::sync_wait(count_doubts(env_->services()))); }
};
ACQUIT_ON_BOTH_ENGINES(Doubts);

TEST_P(Doubts, FollowFromTheMessageAndFromWhatTheBankAlwaysAnswers) {
  for (const Always& row : kAlways) {
    open();
    if (!env_) return;
    const std::string what =
        std::string(row.sent == Sent::reversal ? "reversal" : "advice") + ", " + std::string(row.what);
    const Transaction transaction = begin(row.sent);
    order(row.sent, row.reply, kTriesBeforeDoubt);
    ask_for_long();
    const bool doubt = row.last.ends_with("doubtful");
    EXPECT_EQ(state(transaction.id), row.state) << what;
    EXPECT_TRUE(history(transaction.id).back().starts_with(row.last)) << what << ": " << history(transaction.id).back();
    // One that is denied at once comes round once more while the others are asked for.
    EXPECT_GE(messages(row.sent), row.messages) << what;
    EXPECT_LE(messages(row.sent), doubt ? kAll : 1U) << what;
    EXPECT_EQ(count(), doubt ? 1 : 0) << what;
    EXPECT_TRUE(env_->unbalanced().empty()) << what;
  }
}

TEST_P(Doubts, AreNoneOfWhatWaitedForTheLineInVain) {
  for (const Sent sent : {Sent::reversal, Sent::advice}) {
    const Transaction transaction = begin(sent);
    order(sent, kBusy, 3 * kTriesBeforeDoubt);
    for (int i = 0; i < 3; ++i) ask_for_long();
    EXPECT_EQ(count(), 0);
    env_->deliver();
    EXPECT_EQ(state(transaction.id), sent == Sent::reversal ? State::refused : State::captured);
  }
}

TEST_P(Doubts, AreAskedForOnceAnHourForAWeekAndThenNoMore) {
  for (const Sent sent : {Sent::reversal, Sent::advice}) {
    open();
    if (!env_) return;
    const Transaction transaction = doubtful(sent);
    EXPECT_EQ(messages(sent), kAll);
    const Reply never = sent == Sent::reversal ? decline("12") : kUnknown;
    order(sent, never, kTriesMax);
    for (int hour = 0; hour < 8 * 24; ++hour) {
      env_->clock.advance(hours(1));
      env_->deliver();
    }
    EXPECT_EQ(messages(sent), std::size_t{kTriesMax}) << "an hour apart, and an end";
    EXPECT_EQ(count(), 1) << "it waits for a person";
    EXPECT_EQ(std::ranges::count_if(history(transaction.id),
                                    [](const std::string& line) { return line.contains("doubtful"); }),
              1);
  }
}

TEST_P(Doubts, EndWhereTheBankAcknowledgesAfterAll) {
  for (const Sent sent : {Sent::reversal, Sent::advice}) {
    const Transaction transaction = doubtful(sent);
    env_->clock.advance(hours(1));
    env_->deliver();
    EXPECT_EQ(state(transaction.id), sent == Sent::reversal ? State::refused : State::captured);
    EXPECT_EQ(count(), 0);
  }
}

TEST_P(Doubts, OfAReversalEndWhereTheBanksListDoesNotHaveIt) {
  const Transaction transaction = doubtful(Sent::reversal);
  const std::size_t before = messages(Sent::reversal);
  EXPECT_EQ(must(settle(transaction.id, AtBank::no)).state, State::refused);
  EXPECT_EQ(history(transaction.id).back(), "reverse by operator:ada: authorising > refused");
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(pay_again(transaction.payment).transaction.state, State::authorised) << "the buyer may try again";
  env_->clock.advance(days(2));
  env_->deliver();
  EXPECT_EQ(messages(Sent::reversal), before) << "the bank is not asked again";
}

TEST_P(Doubts, OfAReversalLeadToAnotherOneWhereTheBanksListStillHasIt) {
  const Transaction transaction = doubtful(Sent::reversal);
  EXPECT_EQ(must(settle(transaction.id, AtBank::yes)).state, State::authorising);
  env_->deliver();
  const auto sent = env_->acquirer.reversals();
  EXPECT_FALSE(sent.back().repeat);
  EXPECT_NE(sent.back().trace.stan, sent.front().trace.stan);
  EXPECT_EQ(sent.back().original, sent.front().original);
  EXPECT_EQ(state(transaction.id), State::refused);
  EXPECT_EQ(count(), 0);
}

// Nothing but the hold at the bank depends on it.
TEST_P(Doubts, OfAReleaseLeaveTheTransactionAsItIs) {
  for (const AtBank found : {AtBank::no, AtBank::yes}) {
    const Transaction paid = pay(request(1000)).transaction;
    must(base::sync_wait(
        cancel(env_->services(), TestPermit(base::Actor::operator_user("ada")), env_->shop(), paid.id)));
    order(Sent::reversal, decline("12"), kTriesBeforeDoubt);
    ask_for_long();
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(must(settle(paid.id, found)).state, State::cancelled);
    EXPECT_EQ(history(paid.id).back(), "reversal_settled by operator:ada: cancelled > cancelled");
    env_->deliver();
    EXPECT_EQ(count(), 0);
  }
}

TEST_P(Doubts, AreAllThatCanBeSettled) {
  EXPECT_EQ(code_of(settle(captured().id, AtBank::no)), base::ErrorCode::wrong_state);
  const Transaction asked = begin(Sent::reversal);
  order(Sent::reversal, kUnknown);
  env_->deliver();
  EXPECT_EQ(code_of(settle(asked.id, AtBank::no)), base::ErrorCode::wrong_state) << "it is still being asked";
  env_->clock.advance(minutes(1));
  env_->deliver();
  const Transaction transaction = doubtful(Sent::reversal);
  must(settle(transaction.id, AtBank::no));
  EXPECT_EQ(code_of(settle(transaction.id, AtBank::no)), base::ErrorCode::wrong_state) << "not twice";
}

TEST_P(Doubts, OfReversalsAreToldByTheComparisonWithTheBank) {
  const base::Time begin = env_->clock.now();
  const Transaction transaction = doubtful(Sent::reversal);
  BankList bank{{transaction.reference, {.line = 2, .says = BankSays::authorised, .amount = eur(1000)}}};
  std::vector<Difference> found;
  must(base::sync_wait(compare_with_bank(
      env_->services(), {kShop}, bank, {.from = begin, .to = begin + hours(1), .born_since = begin - hours(1)},
      {.differs = [&](Difference difference, const Transaction&, const BankEntry*) { found.push_back(difference); },
       .unknown_here = {}})));
  EXPECT_EQ(found, std::vector{Difference::reversal_doubtful});
}

}  // namespace
}  // namespace acquit::payments::testing

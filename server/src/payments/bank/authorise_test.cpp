#include "payments/bank/authorise.h"

#include "base/testing/eventually.h"
#include "payments/nouns/calendar.h"
#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::hours;

class Authorise : public UseCaseTest {
 protected:
  TransactionId unknown_outcome(const NewPayment& wanted) { return pay(wanted, kUnknown).transaction.id; }
};
ACQUIT_ON_BOTH_ENGINES(Authorise);

TEST_P(Authorise, AsksWithCardAmountAndContract) {
  const auto paid = pay(request(4'200));
  const auto asked = env_->acquirer.authorisations();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].amount, eur(4'200));
  EXPECT_EQ(asked[0].card.pan.reveal(), kCbNumber);
  EXPECT_EQ(asked[0].card.expiry_month, 12);
  ASSERT_TRUE(asked[0].security_code);
  EXPECT_EQ(asked[0].security_code->reveal(), "123");
  EXPECT_EQ(asked[0].terminal.merchant_number, "1234567");
  EXPECT_EQ(asked[0].terminal.category_code, "5999");
  EXPECT_EQ(asked[0].reference, paid.transaction.reference);
  EXPECT_EQ(asked[0].entry, connectors::Entry::ecommerce);
  EXPECT_FALSE(asked[0].verification);
  EXPECT_FALSE(asked[0].proof);
}

// Ten in the morning in Paris, whenever it is spoken of.
TEST_P(Authorise, SpeaksOfTheHourOfTheOriginalByTheShopsClock) {
  const auto ten = std::chrono::local_days(std::chrono::year(2026) / 6 / 15) + hours(10);
  const Transaction paid = pay(request()).transaction;
  const Transaction cancelled = pay(request()).transaction;
  EXPECT_EQ(env_->acquirer.authorisations().at(0).local_time, ten);
  env_->clock.advance(hours(2));
  must(cancel_of(cancelled.id));
  env_->advance_to(paid.capture.at);
  run_jobs();
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().at(0).local_time, ten);
  EXPECT_EQ(env_->acquirer.advices().at(0).local_time, ten);
  const Transaction refund = must(refund_of(paid.id, 100));
  const auto refunded = local_time(env_->clock.now(), "Europe/Paris");
  env_->advance_to(refund.capture.at);
  run_jobs();
  env_->deliver();
  EXPECT_EQ(env_->acquirer.advices().at(1).local_time, refunded) << "a credit has no authorisation";
}

TEST_P(Authorise, HandsOverAsItWasEntered) {
  NewPayment by_mail = request();
  by_mail.source = Source::mail_order;
  NewPayment late = request();
  late.capture_delay_days = 9;
  const std::pair<NewPayment, connectors::Entry> rows[] = {{request(), connectors::Entry::ecommerce},
                                                           {by_mail, connectors::Entry::mail_order},
                                                           {late, connectors::Entry::credential_on_file}};
  for (const auto& [wanted, entry] : rows) {
    const Transaction paid = pay(wanted).transaction;
    if (paid.due.authorise_at) env_->advance_to(*paid.due.authorise_at);
    run_jobs();
    env_->advance_to(paid.capture.at);
    run_jobs();
    env_->deliver();
    EXPECT_EQ(env_->acquirer.authorisations().back().entry, entry);
    EXPECT_EQ(env_->acquirer.advices().back().entry, entry);
  }
}

TEST_P(Authorise, RecordsAnApprovalWithItsPostingsAndMessagesInOneCommit) {
  const auto paid = pay(request(1000));
  const Transaction stored = load(paid.transaction.id);
  EXPECT_EQ(stored.state, State::authorised);
  EXPECT_EQ(stored.answer.response_code, "00");
  EXPECT_EQ(stored.answer.authorisation_code, "A12345");
  EXPECT_EQ(stored.answer.at, kStart);
  EXPECT_EQ(stored.due.at, kFirstCapture);
  EXPECT_EQ(load_payment(paid.payment.id).ended_at, kStart);
  EXPECT_EQ(balance(stored, Account::buyer), -1000);
  EXPECT_EQ(balance(stored, Account::held), 1000);
  EXPECT_EQ(balance(stored, Account::receivable), 0);
  EXPECT_EQ(history(stored.id).back(), "approve by buyer: authorising > authorised");
  EXPECT_EQ(notifications(stored.id), std::vector<std::string>{"rule=end_of_payment"});
  EXPECT_EQ(env_->outbox(kTopicBuyerTicket).size(), 1U);
  EXPECT_EQ(env_->outbox(kTopicMerchantMail).size(), 1U);
}

TEST_P(Authorise, LeasesTheNotificationToItsCaller) {
  const auto paid = pay(request());
  ASSERT_TRUE(paid.notification);
  EXPECT_EQ(paid.notification->attempts, 1);
  const auto row = env_->outbox(kTopicNotification).at(0);
  EXPECT_GT(row.due_at, kStart) << "the dispatcher leaves it to the caller for a while";
}

TEST_P(Authorise, TakesTheContractThatTakesTheAmount) {
  open([](merchants::ShopConfig& shop) {
    merchants::Contract large = shop.contracts.front();
    large.id = 90;
    large.merchant_number = "9999999";
    large.amount_min = 5'000;
    shop.contracts.front().amount_max = 4'999;
    shop.contracts.push_back(large);
  });
  if (!env_) return;
  pay(request(4'999));
  EXPECT_EQ(env_->acquirer.authorisations().back().terminal.merchant_number, "1234567");
  pay(request(5'000));
  EXPECT_EQ(env_->acquirer.authorisations().back().terminal.merchant_number, "9999999");
}

TEST_P(Authorise, NeverSendsATestToTheLineForRealMoney) {
  env_->acquirers["acquirer"].test = nullptr;
  EXPECT_EQ(code_of(begin(must(create(request())).id)), base::ErrorCode::unsendable);
  NewPayment real = request();
  real.mode = merchants::Mode::production;
  EXPECT_EQ(pay(real).transaction.state, State::authorised);
}

TEST_P(Authorise, KeepsALanguageThatTheBuyerChoseMeanwhile) {
  const Payment payment = must(create(request()));
  const StepResult attempt = must(begin(payment.id));
  env_->write([&](db::Tx& tx) { return env_->node().store->write_language(tx, kShop, payment.id, "de"); });
  must(ask(attempt));
  EXPECT_EQ(load_payment(payment.id).language, "de");
  EXPECT_TRUE(load_payment(payment.id).ended_at);
}

TEST_P(Authorise, LeavesTheNotificationToTheDispatcherWhereTheShopIsToldAfterwards) {
  env_->services().notify_before_return = false;
  const auto paid = pay(request());
  EXPECT_FALSE(paid.notification);
  const auto row = env_->outbox(kTopicNotification).at(0);
  EXPECT_EQ(row.due_at, kStart);
  EXPECT_EQ(row.subject, paid.transaction.id.hex());
}

// An answer, what the transaction becomes by it, and whether the acquirer is told that we don't want what it may hold.
struct Told {
  Reply reply;
  State expected;
  bool reversed;
};
const Told kTold[] = {
    {says("00", connectors::Verdict::approved), State::authorised, false},
    {says("11", connectors::Verdict::approved), State::authorised, false},
    {says("10", connectors::Verdict::approved_partially), State::refused, true},
    {says("85", connectors::Verdict::verified), State::refused, true},
    {says("08", connectors::Verdict::unclear), State::refused, true},
    {says("Z9", connectors::Verdict::unclear), State::refused, true},
    {says("51", connectors::Verdict::declined_retry), State::refused, false},
    {says("43", connectors::Verdict::declined_final), State::refused, false},
    {says("81", connectors::Verdict::soft_decline), State::refused, false},
    {says("30", connectors::Verdict::our_fault), State::refused, false},
    {says("91", connectors::Verdict::unavailable), State::refused, false},
    {says("25", connectors::Verdict::unknown_record), State::refused, false},
    {says("94", connectors::Verdict::duplicate), State::refused, false},
};

TEST_P(Authorise, TakesWholeApprovalsAndGivesBackWhateverElseMayHoldMoney) {
  for (const Told& row : kTold) {
    const auto asked = pay(request(1500), row.reply);
    const Transaction stored = load(asked.transaction.id);
    EXPECT_EQ(stored.state, row.expected) << row.reply.code;
    EXPECT_EQ(stored.answer.response_code, row.reply.code);
    EXPECT_EQ(stored.answer.authorisation_code, row.expected == State::authorised ? "A12345" : "") << row.reply.code;
    EXPECT_EQ(balance(stored, Account::held), row.expected == State::authorised ? 1500 : 0) << row.reply.code;
    const std::size_t before = env_->acquirer.reversals().size();
    env_->deliver();
    const auto reversals = env_->acquirer.reversals();
    ASSERT_EQ(reversals.size() - before, row.reversed ? 1U : 0U) << row.reply.code;
    EXPECT_EQ(state(stored.id), row.expected) << row.reply.code;
    if (!row.reversed) continue;
    EXPECT_EQ(reversals.back().original.stan, stored.trace->stan);
    EXPECT_EQ(reversals.back().amount, eur(1500)) << "the whole of what was asked for";
    EXPECT_EQ(pay_again(asked.payment.id).transaction.state, State::authorised) << "the buyer has other cards";
  }
}

TEST_P(Authorise, GivesBackAPartialApprovalOfALateAuthorisationToo) {
  NewPayment late = request(1500);
  late.capture_delay_days = 9;
  const Transaction waiting = pay(late).transaction;
  env_->advance_to(*waiting.due.authorise_at);
  env_->acquirer.on_authorise(says("10", connectors::Verdict::approved_partially));
  run_jobs();
  EXPECT_EQ(state(waiting.id), State::refused);
  env_->deliver();
  ASSERT_EQ(env_->acquirer.reversals().size(), 1U);
  EXPECT_EQ(env_->acquirer.reversals()[0].original.stan, load(waiting.id).trace->stan);
  EXPECT_EQ(env_->acquirer.reversals()[0].reference, load(waiting.id).reference);
}

TEST_P(Authorise, CanBeTriedAgainOnceTheReversalIsAcknowledged) {
  const auto asked = pay(request(1500), kUnknown);
  env_->deliver();
  const auto reversed = env_->acquirer.reversals();
  ASSERT_EQ(reversed.size(), 1U);
  EXPECT_EQ(reversed[0].original.stan, asked.transaction.trace->stan);
  EXPECT_EQ(reversed[0].amount, eur(1500));
  EXPECT_EQ(reversed[0].card.pan.reveal(), kCbNumber);
  EXPECT_FALSE(reversed[0].repeat);
  const Transaction stored = load(asked.transaction.id);
  EXPECT_EQ(stored.state, State::refused);
  EXPECT_EQ(stored.answer.response_code, "97");
  EXPECT_FALSE(stored.unknown_since);
  EXPECT_TRUE(env_->outbox(kTopicReversal).empty());
  EXPECT_EQ(pay_again(asked.payment.id).transaction.state, State::authorised);
}

TEST_P(Authorise, RepeatsAReversalUnderItsTraceUntilItIsAcknowledged) {
  const TransactionId id = unknown_outcome(request());
  env_->acquirer.on_reverse(kUnknown);
  env_->acquirer.on_reverse(decline("91"));
  env_->deliver();
  EXPECT_EQ(state(id), State::authorising);
  for (int i = 0; i < 2; ++i) {
    env_->clock.advance(std::chrono::minutes(16));
    env_->deliver();
  }
  const auto sent = env_->acquirer.reversals();
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_FALSE(sent[0].repeat);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_TRUE(sent[i].repeat);
    EXPECT_EQ(sent[i].trace.stan, sent[0].trace.stan);
    EXPECT_EQ(sent[i].trace.sent_at, sent[0].trace.sent_at);
  }
  EXPECT_EQ(state(id), State::refused);
}

TEST_P(Authorise, SendsAReversalThatNeverLeftAsAFirstOne) {
  unknown_outcome(request());
  env_->acquirer.on_reverse(kUnavailable);
  env_->deliver();
  env_->clock.advance(std::chrono::minutes(1));
  env_->deliver();
  const auto sent = env_->acquirer.reversals();
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_FALSE(sent[1].repeat);
}

TEST_P(Authorise, StepsUpASoftDeclineOfWhateverCodeWhereTheBuyerIsThere) {
  for (const char* code : {"A1", "81", "65", "1A"}) {
    const Payment payment = must(create(request()));
    env_->acquirer.on_authorise(says(code, connectors::Verdict::soft_decline));
    const auto result = must(ask(must(begin(payment.id)), /*can_authenticate=*/true));
    EXPECT_TRUE(result.step_up) << code;
    EXPECT_EQ(state(result.transaction.id), State::authenticating) << code;
    EXPECT_FALSE(load_payment(payment.id).ended_at) << code;
  }
}

TEST_P(Authorise, GoesOnWithTheProofAfterTheAuthentication) {
  const Payment payment = must(create(request()));
  AttemptRequest with = card();
  with.first = FirstStep::authenticate;
  const StepResult attempt = must(begin(payment.id, with));
  const auto proof = parse_authentication_result("status=Y&eci=05&cavv=AJkBBkhgQQAAAE4gSEJydQAAAAA%3D&version=2.2.0");
  with.card.security_code = base::SecurityCode("321");
  const Authenticated asked_for{.transaction = attempt.transaction.id, .card = with.card, .result = proof};
  const auto result = must(base::sync_wait(authorise_authenticated(env_->services(), env_->shop(), asked_for)));
  EXPECT_EQ(result.transaction.state, State::authorised);
  const auto asked = env_->acquirer.authorisations().at(0);
  ASSERT_TRUE(asked.proof);
  EXPECT_EQ(asked.proof->eci, "05");
  EXPECT_EQ(asked.security_code->reveal(), "321");
  EXPECT_EQ(asked.card.pan.reveal(), kCbNumber);
  const auto twice = base::sync_wait(authorise_authenticated(env_->services(), env_->shop(), asked_for));
  EXPECT_EQ(code_of(twice), base::ErrorCode::wrong_state);
  EXPECT_EQ(env_->acquirer.authorisations().size(), 1U);
}

TEST_P(Authorise, IsResolvedByTheJobIfItsProcessWentAway) {
  const Payment payment = must(create(request()));
  const StepResult attempt = must(begin(payment.id));
  env_->clock.advance(kResolveAfter - std::chrono::milliseconds(1));
  EXPECT_EQ(run_jobs(), 0);
  env_->clock.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(run_jobs(), 1);
  EXPECT_TRUE(load(attempt.transaction.id).unknown_since);
  EXPECT_EQ(run_jobs(), 0) << "once";
  env_->deliver();
  EXPECT_EQ(env_->acquirer.reversals().size(), 1U);
  EXPECT_EQ(state(attempt.transaction.id), State::refused);
  EXPECT_EQ(pay_again(payment.id).transaction.state, State::authorised);
}

TEST_P(Authorise, LetsTheResolverStandAgainstAnAnswerThatComesTooLate) {
  const Payment payment = must(create(request()));
  const AttemptRequest with = card();
  env_->acquirer.on_authorise(kLate);
  auto asked = db::testing::start(authorise(env_->services(), env_->shop(), must(begin(payment.id)), with.card, false));
  env_->acquirer.wait_for_late();
  env_->clock.advance(kResolveAfter);
  run_jobs();
  env_->acquirer.release({});
  const auto result = must(asked.get());
  EXPECT_EQ(result.transaction.state, State::authorising);
  EXPECT_FALSE(result.notification);
  EXPECT_TRUE(env_->outbox(kTopicNotification).empty());
  env_->deliver();
  EXPECT_EQ(state(result.transaction.id), State::refused);
  EXPECT_EQ(balance(result.transaction, Account::held), 0);
}

// A crash between the message and the verdict: whoever takes over must name the same message.
TEST_P(Authorise, NamesTheSameReversalAfterACrash) {
  unknown_outcome(request());
  env_->acquirer.on_reverse(kLate);
  static_cast<void>(must(base::sync_wait(env_->node().outbox->dispatch_due())));
  env_->acquirer.wait_for_late();
  env_->clock.advance(std::chrono::minutes(2));
  TestNode& other = env_->second_node();
  static_cast<void>(must(base::sync_wait(other.outbox->dispatch_due())));
  ASSERT_TRUE(base::testing::eventually([&] { return other.outbox->in_flight() == 0; }));
  const auto sent = env_->acquirer.reversals();
  env_->acquirer.release({});
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_TRUE(sent[1].repeat);
  EXPECT_EQ(sent[1].trace.stan, sent[0].trace.stan);
}

}  // namespace
}  // namespace acquit::payments::testing

#include "payments/schedule/due_transactions.h"
#include "payments/nouns/session.h"

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

// Lets something happen once, the next time it is asked: with the job's directory on it, between list and write.
class HookedClock final : public base::Clock {
 public:
  explicit HookedClock(const base::Clock& clock) : clock_(clock) {}
  [[nodiscard]] base::Time now() const override { return clock_.now(); }
  [[nodiscard]] base::Monotonic monotonic() const override {
    if (const auto once = std::exchange(hook, nullptr)) once();
    return clock_.monotonic();
  }
  mutable std::function<void()> hook;

 private:
  const base::Clock& clock_;
};

class DueTransactions : public UseCaseTest {
 protected:
  NewPayment manual(std::int64_t minor = 1000) {
    NewPayment wanted = request(minor);
    wanted.manual_validation = true;
    return wanted;
  }
};
ACQUIT_ON_BOTH_ENGINES(DueTransactions);

TEST_P(DueTransactions, AreCapturedAtTheHourOfTheContractInTheShopsTimeZone) {
  const Transaction paid = pay(request(1000)).transaction;
  env_->advance_to(kFirstCapture - milliseconds(1));
  EXPECT_EQ(run_jobs(), 0);
  env_->advance_to(kFirstCapture);
  EXPECT_EQ(run_jobs(), 1);
  const Transaction stored = load(paid.id);
  EXPECT_EQ(stored.state, State::captured);
  EXPECT_FALSE(stored.due.at);
  EXPECT_EQ(balance(stored, Account::held), 0);
  EXPECT_EQ(balance(stored, Account::receivable), 1000);
  EXPECT_EQ(balance(stored, Account::buyer), -1000);
  env_->deliver();
  const auto advised = env_->acquirer.advices();
  ASSERT_EQ(advised.size(), 1U);
  EXPECT_EQ(advised[0].kind, connectors::AdviceKind::debit);
  EXPECT_EQ(advised[0].amount, eur(1000));
  EXPECT_EQ(advised[0].reference, env_->acquirer.authorisations().at(0).reference);
  EXPECT_EQ(advised[0].authorisation_code, "A12345");
  EXPECT_TRUE(env_->outbox(kTopicAdvice).empty());
}

TEST_P(DueTransactions, DoNotWaitBehindASilentAcquirer) {
  NewPayment later = request();
  later.capture_delay_days = 9;
  const Transaction waiting = pay(later).transaction;
  env_->advance_to(kFirstCapture + days(8) + hours(1));
  const Transaction also = pay(request(700)).transaction;
  env_->acquirer.on_authorise(kLate);
  auto held = db::testing::start(handle_due_transactions(env_->services(), env_->loop, Due::authorisations));
  env_->acquirer.wait_for_late();
  env_->advance_to(also.capture.at);
  run_job(Due::others);
  EXPECT_EQ(state(also.id), State::captured);
  EXPECT_EQ(state(waiting.id), State::authorising);
  env_->acquirer.release({});
  EXPECT_EQ(must(held.get()), 1);
  EXPECT_EQ(state(waiting.id), State::authorised);
}

// The shop's settings can't be had for a moment: an authorisation without an outcome does not wait like the others.
TEST_P(DueTransactions, AreResolvedSoonAfterTheResolverFailed) {
  const Payment payment = must(create(request()));
  const TransactionId asked = must(begin(payment.id)).transaction.id;
  const TransactionId paid = pay(request()).transaction.id;
  const auto place = db::testing::TemporaryDatabase::make_migrated(GetParam());
  TestNode empty(place->options(), env_->loop, env_->clock, env_->random, env_->acquirers);
  const Services& c = env_->services();
  const Services services{.database = c.database,
                          .store = c.store,
                          .merchant_store = c.merchant_store,
                          .directory = *empty.directory,
                          .vault = c.vault,
                          .outbox = c.outbox,
                          .acquirers = c.acquirers,
                          .clock = c.clock,
                          .random = c.random};
  env_->clock.advance(kResolveAfter);
  run_job(services, Due::others);
  EXPECT_EQ(load(asked).due.at, env_->clock.now() + kResolveAfter);
  env_->advance_to(kFirstCapture);
  run_job(services, Due::others);
  EXPECT_EQ(load(paid).due.at, env_->clock.now() + minutes(15));
  run_jobs();
  EXPECT_EQ(state(paid), State::authorised);
  env_->clock.advance(kResolveAfter);
  run_jobs();
  EXPECT_TRUE(load(asked).unknown_since);
}

TEST_P(DueTransactions, AreCapturedOnceByTwoServers) {
  const Transaction paid = pay(request()).transaction;
  env_->advance_to(kFirstCapture);
  auto one = db::testing::start(handle_due_transactions(env_->services(), env_->loop, Due::others));
  auto two = db::testing::start(handle_due_transactions(*env_->second_node().services, env_->loop, Due::others));
  must(one.get());
  must(two.get());
  EXPECT_EQ(env_->outbox(kTopicAdvice).size(), 1U);
  EXPECT_EQ(balance(paid, Account::receivable), 1000);
}

TEST_P(DueTransactions, EndAPaymentThatTheBuyerLeft) {
  const Payment payment = must(create(request()));
  env_->advance_to(kStart + kSessionLife - milliseconds(1));
  EXPECT_EQ(run_jobs(), 0);
  env_->advance_to(kStart + kSessionLife);
  EXPECT_EQ(run_jobs(), 1);
  const Transaction left = transactions(payment.id).at(0);
  EXPECT_EQ(left.state, State::abandoned);
  EXPECT_TRUE(load_payment(payment.id).ended_at);
  EXPECT_EQ(notifications(left.id), std::vector<std::string>{"rule=cancellation"});
  EXPECT_EQ(run_jobs(), 0);
  EXPECT_EQ(env_->outbox(kTopicNotification).at(0).attempts, 0) << "a shop that hangs does not hold the job";
}

TEST_P(DueTransactions, AreLeftAloneWhereTheMerchantIsFasterThanTheJob) {
  const HookedClock clock(env_->clock);
  merchants::Directory directory(*env_->node().database, *env_->node().merchant_store, clock);
  const Services& c = env_->services();
  const Services services{.database = c.database,
                          .store = c.store,
                          .merchant_store = c.merchant_store,
                          .directory = directory,
                          .vault = c.vault,
                          .outbox = c.outbox,
                          .acquirers = c.acquirers,
                          .clock = c.clock,
                          .random = c.random};
  NewPayment wanted = manual();
  wanted.capture_delay_days = 9;
  const Transaction waiting = pay(wanted).transaction;
  env_->advance_to(kFirstCapture + days(9));
  clock.hook = [&] { must(validate_of(waiting.id)); };
  EXPECT_EQ(run_job(services, Due::authorisations), 1);
  EXPECT_EQ(state(waiting.id), State::waiting_authorisation) << "validated, not expired";
  const Transaction paid = pay(request()).transaction;
  env_->advance_to(paid.capture.at);
  directory.forget(kShop);
  clock.hook = [&] { must(modify_of(paid.id, {.amount = std::nullopt, .capture_at = env_->clock.now() + days(1)})); };
  run_job(services, Due::others);
  EXPECT_EQ(state(paid.id), State::authorised) << "its day was moved";
}

// What can't be handled must not keep the rest waiting.
TEST_P(DueTransactions, ThatFailComeRoundLaterAndLetTheOthersPass) {
  open([](merchants::ShopConfig& shop) { shop.contracts[3].acquirer = "gone"; });
  if (!env_) return;
  env_->acquirers["gone"] = env_->acquirers["acquirer"];
  NewPayment late = request();
  late.capture_delay_days = 9;
  std::vector<TransactionId> stuck;
  for (int i = 0; i < 257; ++i) {
    late.key = std::to_string(500'000 + i);
    late.request_hash = late.key;
    stuck.push_back(pay(late, {}, card("375900000010015")).transaction.id);
  }
  env_->acquirers.erase("gone");
  env_->advance_to(kFirstCapture + days(8) + hours(1));
  const Transaction due = pay(request()).transaction;
  ASSERT_LT(load(stuck.back()).due.at, load(due.id).due.at) << "behind a whole batch of them";
  run_jobs();
  run_jobs();
  EXPECT_EQ(state(due.id), State::captured);
  EXPECT_EQ(state(stuck.back()), State::waiting_authorisation);
  env_->acquirers["gone"] = env_->acquirers["acquirer"];
  env_->clock.advance(minutes(16));
  while (run_jobs() > 0) {
  }
  env_->advance_to(kFirstCapture + days(9));
  while (run_jobs() > 0) {
  }
  for (const TransactionId& id : stuck) ASSERT_EQ(state(id), State::captured);
}

}  // namespace
}  // namespace acquit::payments::testing

#include "payments/checkout/attempt.h"
#include "payments/nouns/session.h"

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments::testing {
namespace {

class BeginAttempt : public UseCaseTest {
 protected:
  void block(std::string_view number) {
    const auto described = env_->node().vault->describe(base::Pan(std::string(number)), 2030, 12);
    env_->write([&](db::Tx& tx) {
      return env_->node().merchant_store->block_card(tx, kShop, described.fingerprint, "stolen", kActor);
    });
  }
};
ACQUIT_ON_BOTH_ENGINES(BeginAttempt);

TEST_P(BeginAttempt, CommitsTheIntentBeforeAnybodyIsAsked) {
  const Payment payment = must(create(request()));
  const StepResult attempt = must(begin(payment.id));
  const Transaction stored = load(attempt.transaction.id);
  EXPECT_EQ(stored.state, State::authorising);
  EXPECT_EQ(stored.method, "CB");
  EXPECT_EQ(stored.card.masked, "497010XXXXXX0055");
  ASSERT_TRUE(stored.trace);
  EXPECT_EQ(stored.trace->stan, attempt.transaction.trace->stan);
  EXPECT_EQ(stored.due.at, kStart + kResolveAfter);
  EXPECT_EQ(load_payment(payment.id).attempts, 1);
  EXPECT_TRUE(env_->acquirer.authorisations().empty());
}

TEST_P(BeginAttempt, LetsOneOfTwentyAtOnceThroughOnTwoServers) {
  const Payment payment = must(create(request()));
  const AttemptRequest with = card();
  std::vector<std::future<base::Result<StepResult>>> calls;
  for (int i = 0; i < 20; ++i) {
    const Services& services = i % 2 == 0 ? env_->services() : *env_->second_node().services;
    calls.push_back(db::testing::start(begin_attempt(services, kPermit, env_->shop(), payment.id, with)));
  }
  int through = 0;
  for (auto& call : calls) {
    const auto attempt = call.get();
    if (attempt) {
      ++through;
    } else {
      EXPECT_EQ(attempt.error().code, base::ErrorCode::wrong_state) << attempt.error().detail;
    }
  }
  EXPECT_EQ(through, 1);
  EXPECT_EQ(transactions(payment.id).size(), 1U);
  EXPECT_EQ(load_payment(payment.id).attempts, 1);
}

TEST_P(BeginAttempt, PaysUnderAContractThatTheRequestForces) {
  open([](merchants::ShopConfig& shop) {
    shop.contracts.push_back(shop.contracts[0]);
    shop.contracts.back().id = 5;
    shop.contracts.back().rank = 5;
  });
  if (!env_) return;
  struct Row {
    std::vector<std::int64_t> forced;
    std::int64_t before;  ///< Until a card says which brand it is: the first that is left.
    std::int64_t paid;
  };
  const Row rows[] = {{{}, 1, 1}, {{5}, 5, 5}, {{2, 5}, 2, 5}, {{5, 1}, 1, 1}};
  for (const Row& row : rows) {
    NewPayment wanted = request();
    wanted.means.contracts = row.forced;
    const Payment payment = must(create(wanted));
    EXPECT_EQ(transactions(payment.id).front().contract_id, row.before);
    EXPECT_EQ(must(begin(payment.id)).transaction.contract_id, row.paid);
    EXPECT_EQ(load_payment(payment.id).means, payment.means);
  }
  NewPayment visa = request();
  visa.means.contracts = {2};
  const Payment payment = must(create(visa));
  EXPECT_EQ(offered_methods(env_->shop(), payment), std::vector<std::string>{"VISA"});
  EXPECT_EQ(must(begin(payment.id)).transaction.method, "VISA") << "a card of both brands";
}

TEST_P(BeginAttempt, RefusesAnExpiredPayment) {
  const Payment payment = must(create(request()));
  env_->clock.advance(kSessionLife - std::chrono::milliseconds(1));
  const Payment other = must(create(request()));
  env_->clock.advance(std::chrono::milliseconds(1));
  EXPECT_EQ(code_of(begin(payment.id)), base::ErrorCode::expired);
  EXPECT_TRUE(begin(other.id));
}

TEST_P(BeginAttempt, RefusesAPaymentThatEndedOrNeverWas) {
  const auto paid = pay(request());
  EXPECT_EQ(code_of(begin(paid.payment.id)), base::ErrorCode::wrong_state);
  EXPECT_EQ(code_of(begin(PaymentId::make(env_->clock, env_->random))), base::ErrorCode::not_found);
}

TEST_P(BeginAttempt, GivesTheBuyerThreeTriesAndThenEndsThePayment) {
  const Payment payment = must(create(request()));
  const auto first = pay_again(payment.id, decline("51"));
  EXPECT_FALSE(first.notification);
  EXPECT_FALSE(load_payment(payment.id).ended_at);
  env_->clock.advance(std::chrono::seconds(30));
  const auto second = pay_again(payment.id, decline("05"));
  EXPECT_FALSE(second.notification);
  env_->clock.advance(std::chrono::seconds(30));
  const auto last = pay_again(payment.id, decline("05"));
  ASSERT_TRUE(last.notification);
  EXPECT_TRUE(load_payment(payment.id).ended_at);
  EXPECT_EQ(code_of(begin(payment.id)), base::ErrorCode::wrong_state);
  const auto all = transactions(payment.id);
  ASSERT_EQ(all.size(), 3U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].state, State::refused);
    EXPECT_EQ(all[i].attempt, static_cast<int>(i) + 1);
    EXPECT_FALSE(all[i].due.at) << "nothing is left for the job";
  }
  EXPECT_EQ(notifications(last.transaction.id), std::vector<std::string>{"rule=end_of_payment"});
  EXPECT_EQ(env_->outbox(kTopicNotification).size(), 1U);
  EXPECT_TRUE(env_->outbox(kTopicBuyerTicket).empty());
}

TEST_P(BeginAttempt, BlocksACardAtOneShopOnly) {
  block(kCbNumber);
  const auto other = must(base::sync_wait(env_->node().directory->find(kOtherShop)));
  const Payment payment = must(base::sync_wait(create_payment(env_->services(), *other, request())));
  const auto attempt = must(base::sync_wait(begin_attempt(env_->services(), kPermit, *other, payment.id, card())));
  EXPECT_EQ(attempt.transaction.state, State::authorising);
}

TEST_P(BeginAttempt, RefusesACardThatTheShopDoesNotTakeAndCountsNoTry) {
  NewPayment wanted = request();
  wanted.means.methods = {"AMEX"};
  const Payment payment = must(create(wanted));
  const auto attempt = begin(payment.id);
  EXPECT_EQ(code_of(attempt), base::ErrorCode::card_invalid);
  EXPECT_EQ(field_of(attempt), "card_number");
  EXPECT_EQ(load_payment(payment.id).attempts, 0);
}

TEST_P(BeginAttempt, AbandonsAnAuthenticationWhenAnotherCardIsTyped) {
  const Payment payment = must(create(request()));
  AttemptRequest with = card();
  with.first = FirstStep::authenticate;
  const StepResult first = must(begin(payment.id, with));
  EXPECT_EQ(first.transaction.state, State::authenticating);
  env_->clock.advance(std::chrono::seconds(5));
  const StepResult second = must(begin(payment.id, with));
  EXPECT_NE(second.transaction.id, first.transaction.id);
  EXPECT_EQ(state(first.transaction.id), State::abandoned);
  EXPECT_EQ(state(second.transaction.id), State::authenticating);
  EXPECT_TRUE(env_->outbox(kTopicNotification).empty());
}

TEST_P(BeginAttempt, NeedsAnAcquirerUnderTheNameThatTheContractGives) {
  const Payment payment = must(create(request()));
  env_->acquirers.clear();
  EXPECT_EQ(code_of(begin(payment.id)), base::ErrorCode::unsendable);
  EXPECT_EQ(load_payment(payment.id).attempts, 0);
}

TEST_P(BeginAttempt, CapturesAtTheHourOfTheContractThatIsUsed) {
  open([](merchants::ShopConfig& shop) { shop.contracts[2].capture_hour = 6; });
  if (!env_) return;
  const auto paid = pay(request(), {}, card("5970100300000018"));
  EXPECT_EQ(load(paid.transaction.id).capture.at, kStart) << "six o'clock is past: at once";
}

TEST_P(BeginAttempt, MakesPaymentAndAttemptInOneCommit) {
  const NewPayment wanted = request();
  const StepResult attempt =
      must(base::sync_wait(create_and_begin(env_->services(), kPermit, env_->shop(), wanted, card())));
  EXPECT_EQ(history(attempt.transaction.id), (std::vector<std::string>{"create by shop: initiated > initiated",
                                                                       "authorise by buyer: initiated > authorising"}));
  const auto again = base::sync_wait(create_and_begin(env_->services(), kPermit, env_->shop(), wanted, card()));
  EXPECT_EQ(code_of(again), base::ErrorCode::replayed);
  NewPayment other = wanted;
  other.request_hash = "another";
  EXPECT_EQ(code_of(base::sync_wait(create_and_begin(env_->services(), kPermit, env_->shop(), other, card()))),
            base::ErrorCode::exists_with_other_content);
}

TEST_P(BeginAttempt, TriesBySameRequestAgainWhatNeverLeftUs) {
  const NewPayment wanted = request();
  const auto send = [&] {
    return base::sync_wait(create_and_begin(env_->services(), kPermit, env_->shop(), wanted, card()));
  };
  env_->acquirer.on_authorise(kBusy);
  EXPECT_EQ(code_of(ask(must(send()))), base::ErrorCode::line_busy);
  const auto paid = must(ask(must(send())));
  EXPECT_EQ(paid.transaction.state, State::authorised);
  EXPECT_EQ(transactions(paid.payment.id).size(), 1U);
  EXPECT_EQ(env_->acquirer.authorisations().size(), 2U);
  EXPECT_EQ(code_of(send()), base::ErrorCode::replayed);
}

}  // namespace
}  // namespace acquit::payments::testing

// What the tests of use cases share: an environment, and one call for each thing a buyer, a shop or the clock does.
// Every test of the fixture runs on each engine and ends with the ledger balanced.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "payments/bank/authorise.h"
#include "payments/checkout/attempt.h"
#include "payments/checkout/leave.h"
#include "payments/ending/announcements.h"
#include "payments/operations/operations.h"
#include "payments/schedule/due_transactions.h"
#include "payments/testing/environment.h"

namespace acquit::payments::testing {

/// Leave without anybody having asked for it.
class TestPermit : public Permit {
 public:
  explicit TestPermit(base::Actor actor) : Permit(std::move(actor)) {}
};
inline const base::Actor kActor = base::Actor::user("owner@shop.example");
inline const TestPermit kPermit(kActor);
inline const TestPermit kBuyer(base::Actor::buyer());
inline constexpr std::string_view kCbNumber = "4970100000000055";

[[nodiscard]] inline base::Money eur(std::int64_t minor) { return {minor, *base::Currency::from_code("EUR")}; }

template <class T>
base::ErrorCode code_of(const base::Result<T>& result) {
  return result ? throw std::runtime_error("it succeeded") : result.error().code;
}
template <class T>
std::string field_of(const base::Result<T>& result) {
  return result ? "(none)" : result.error().field;
}

class UseCases {
 public:
  /// Null in `env_` afterwards: the engine is not installed here.
  void open_on(db::Engine engine, const std::function<void(merchants::ShopConfig&)>& edit = {}) {
    env_.reset();
    env_ = Environment::make({.engine = engine, .edit = edit});
  }

  NewPayment request(std::int64_t minor = 1000) {
    const std::string number = std::to_string(100'000 + requests_++);
    return {.mode = merchants::Mode::test,
            .protocol = "vads",
            .source = Source::ecommerce,
            .key = number + "/2026-06-15",
            .reference = "order " + number,
            .amount = eur(minor),
            .language = "fr",
            .capture_delay_days = 0,
            .manual_validation = false,
            .challenge_preference = ChallengePreference::none,
            .buyer = {.email = "buyer@mail.example"},
            .protocol_fields = {},
            .request_hash = "hash " + number,
            .notification_url = {},
            .attempts_max = 3};
  }
  [[nodiscard]] static AttemptRequest card(std::string_view number = kCbNumber, int year = 2030, int month = 12) {
    AttemptRequest with;
    with.card = {.pan = base::Pan(std::string(number)),
                 .expiry_year = year,
                 .expiry_month = month,
                 .security_code = base::SecurityCode("123"),
                 .holder = "A BUYER",
                 .method = ""};
    return with;
  }

  base::Result<Payment> create(const NewPayment& request) {
    return base::sync_wait(create_payment(env_->services(), env_->shop(), request));
  }
  base::Result<StepResult> begin(const PaymentId& payment, const AttemptRequest& with = card()) {
    return base::sync_wait(begin_attempt(env_->services(), kPermit, env_->shop(), payment, with));
  }
  base::Result<StepResult> ask(const StepResult& attempt, bool can_authenticate = false,
                               const AttemptRequest& with = card()) {
    return base::sync_wait(authorise(env_->services(), env_->shop(), attempt, with.card, can_authenticate));
  }
  /// Created, tried once, and answered by the acquirer.
  StepResult pay(const NewPayment& request, const Reply& reply = {}, const AttemptRequest& with = card()) {
    const Payment payment = must(create(request));
    return pay_again(payment.id, reply, with);
  }
  StepResult pay_again(const PaymentId& payment, const Reply& reply = {}, const AttemptRequest& with = card()) {
    env_->acquirer.on_authorise(reply);
    return must(ask(must(begin(payment, with)), false, with));
  }
  /// Paid and handed over to the acquirer, which acknowledged it.
  Transaction captured(std::int64_t minor = 1000) {
    const Transaction paid = pay(request(minor)).transaction;
    env_->advance_to(paid.capture.at);
    run_jobs();
    env_->deliver();
    return load(paid.id);
  }
  int run_job(Due which) { return run_job(env_->services(), which); }
  int run_job(const Services& services, Due which) {
    return must(base::sync_wait(handle_due_transactions(services, env_->loop, which)));
  }
  int run_jobs() { return run_job(Due::others) + run_job(Due::authorisations); }
  /// Time goes by until `end`; what falls due on the way is done at its moment, as by a server that runs.
  void live_until(base::Time end) {
    for (;;) {
      while (run_jobs() > 0) {
      }
      env_->deliver();
      if (run_jobs() > 0) continue;
      if (env_->clock.now() >= end) return;
      env_->advance_to(std::min(end, env_->next_due().value_or(end)));
    }
  }

  base::Result<Transaction> refund_of(const TransactionId& id, base::Money amount) {
    return base::sync_wait(refund(env_->services(), kPermit, env_->shop(), id, amount));
  }
  base::Result<Transaction> refund_of(const TransactionId& id, std::int64_t minor) { return refund_of(id, eur(minor)); }
  base::Result<Transaction> cancel_of(const TransactionId& id, std::optional<base::Money> part = std::nullopt) {
    return base::sync_wait(cancel(env_->services(), kPermit, env_->shop(), id, part));
  }
  base::Result<Transaction> validate_of(const TransactionId& id, std::optional<base::Money> amount = std::nullopt) {
    return base::sync_wait(validate(env_->services(), kPermit, env_->shop(), id, amount));
  }
  base::Result<Transaction> modify_of(const TransactionId& id, const Modification& change) {
    return base::sync_wait(modify(env_->services(), kPermit, env_->shop(), id, change));
  }

  Transaction load(const TransactionId& id) {
    return env_->read([&](db::ReadTx& tx) { return env_->node().store->load_transaction(tx, kShop, id); });
  }
  State state(const TransactionId& id) { return load(id).state; }
  Payment load_payment(const PaymentId& id) {
    return *env_->read([&](db::ReadTx& tx) { return env_->node().store->find_payment(tx, kShop, id); });
  }
  std::vector<Transaction> transactions(const PaymentId& id) {
    return env_->read([&](db::ReadTx& tx) { return env_->node().store->transactions_of(tx, kShop, id); });
  }
  std::int64_t balance(const Transaction& transaction, Account account) {
    return env_->read([&](db::ReadTx& tx) { return env_->node().store->balance(tx, transaction, account); });
  }
  /// "event by actor: before > after", in order.
  std::vector<std::string> history(const TransactionId& id) {
    std::vector<std::string> out;
    for (const Operation& o :
         env_->read([&](db::ReadTx& tx) { return env_->node().store->operations_of(tx, kShop, id); })) {
      out.push_back(o.event + " by " + base::to_text(o.actor) + ": " + std::string(to_string(o.before)) + " > " +
                    std::string(to_string(o.after)));
    }
    return out;
  }
  /// Payloads of the notifications of a transaction that wait in the outbox.
  std::vector<std::string> notifications(const TransactionId& id) {
    std::vector<std::string> out;
    for (const OutboxRow& row : env_->outbox(kTopicNotification)) {
      if (row.subject == id.hex()) out.push_back(row.payload);
    }
    return out;
  }

  std::unique_ptr<Environment> env_;
  int requests_ = 0;
};

class UseCaseTest : public ::testing::TestWithParam<db::Engine>, protected UseCases {
 protected:
  void SetUp() override { open(); }
  void TearDown() override {
    if (env_) EXPECT_TRUE(env_->unbalanced().empty());
  }
  void open(const std::function<void(merchants::ShopConfig&)>& edit = {}) {
    open_on(GetParam(), edit);
    if (!env_) GTEST_SKIP() << "PostgreSQL is not installed here";
  }
};

inline std::string engine_of(const ::testing::TestParamInfo<db::Engine>& info) {
  return db::testing::engine_name(info.param);
}

}  // namespace acquit::payments::testing

/// Runs a suite of the fixture on both engines.
#define ACQUIT_ON_BOTH_ENGINES(suite)                                                                         \
  INSTANTIATE_TEST_SUITE_P(BothEngines, suite,                                                                \
                           ::testing::Values(::acquit::db::Engine::sqlite, ::acquit::db::Engine::postgresql), \
                           ::acquit::payments::testing::engine_of)

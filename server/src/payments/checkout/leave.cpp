#include "payments/checkout/leave.h"

#include <algorithm>

#include "payments/ending/announcements.h"
#include "payments/nouns/cause.h"

namespace acquit::payments {
namespace {

// What becomes of the last transaction, and which rule tells the shop.
base::Result<merchants::Rule> leave_transaction(const Services& services, db::Tx& tx, Transaction& last,
                                                const base::Actor& actor) {
  last.due.at = std::nullopt;
  if (last.state == State::refused) {
    ACQUIT_CHECK(services.store.update_transaction(tx, last));
    return merchants::Rule::end_of_payment;
  }
  // Nobody came back from the bank in time: a refusal, of which the shop hears (lyra.md §2.2). Whoever presses the
  // cancel button instead has abandoned the payment.
  const bool lost = last.state == State::authenticating && actor.kind() == base::Actor::Kind::job;
  if (lost) last.cause = Cause::session_expired;
  ACQUIT_CHECK(
      services.store.transition(tx, last,
                                {.event = lost ? Event::decline : Event::abandon,
                                 .actor = actor,
                                 .moved = base::Money::zero(last.amount.currency()),
                                 .detail = lost ? "the buyer did not come back from the authentication" : ""}));
  return lost ? merchants::Rule::end_of_payment : merchants::Rule::cancellation;
}

base::Task<base::Result<StepResult>> leave(const Services& services, const merchants::ShopConfig& shop, PaymentId id,
                                           base::Actor actor) {
  co_return co_await services.database.write(
      Services::lane(shop.shop.id, id), [&](db::Tx& tx) -> base::Result<StepResult> {
        ACQUIT_TRY(WholePayment whole, services.store.lock_whole(tx, shop.shop.id, id));
        Payment& payment = whole.payment;
        Transaction& last = whole.transactions.back();
        if (payment.ended_at) return StepResult{{std::move(payment), std::move(last)}};
        const bool batch = actor.kind() == base::Actor::Kind::job;
        if (batch && payment.expires_at > services.clock.now()) {
          return base::fail(base::ErrorCode::wrong_state, "the buyer has come back meanwhile");
        }
        if (last.state == State::authorising)
          return base::fail(base::ErrorCode::wrong_state, "the payment is being made at this moment");
        ACQUIT_TRY(const merchants::Rule rule, leave_transaction(services, tx, last, actor));
        ACQUIT_TRY(auto notification,
                   end_payment(services, tx, shop, payment, last, rule, batch ? SentBy::outbox : SentBy::caller));
        return StepResult{{std::move(payment), std::move(last)}, std::move(notification)};
      });
}

}  // namespace

base::Task<base::Result<StepResult>> leave_payment(const Services& services, const Permit& permit,
                                                   const merchants::ShopConfig& shop, PaymentId id) {
  return leave(services, shop, id, permit.actor());
}

base::Task<base::Result<StepResult>> leave_expired(const Services& services, const merchants::ShopConfig& shop,
                                                   PaymentId id) {
  return leave(services, shop, id, base::Actor::job());
}

base::Result<bool> was_left_by_time(const Services& services, db::ReadTx& tx, const Transaction& transaction) {
  if (transaction.state != State::abandoned) return false;
  ACQUIT_TRY(const auto history, services.store.operations_of(tx, transaction.shop, transaction.id));
  return std::ranges::any_of(history, [](const Operation& operation) {
    return operation.after == State::abandoned && operation.actor.kind() == base::Actor::Kind::job;
  });
}

}  // namespace acquit::payments

#include "payments/checkout/leave.h"

#include "payments/ending/announcements.h"
#include "payments/nouns/cause.h"

namespace acquit::payments {
namespace {

// What becomes of the last transaction, and which rule tells the shop.
base::Result<EventSource> leave_transaction(const Context& context, db::Tx& tx, Transaction& last,
                                            std::string_view actor) {
  last.due.at = std::nullopt;
  if (last.state == State::refused) {
    ACQUIT_CHECK(context.store.update_transaction(tx, last));
    return kEndOfPayment;
  }
  // Nobody came back from the bank in time: a refusal, of which the shop hears (lyra.md §2.2). Whoever presses the
  // cancel button instead has abandoned the payment.
  const bool lost = last.state == State::authenticating && actor == kActorBatch;
  if (lost) last.cause = Cause::session_expired;
  ACQUIT_CHECK(context.store.transition(tx, last,
                                        {.event = lost ? Event::decline : Event::abandon,
                                         .actor = actor,
                                         .moved = base::Money::zero(last.amount.currency()),
                                         .detail = lost ? "the buyer did not come back from the authentication" : ""}));
  return lost ? kEndOfPayment : kCancellation;
}

}  // namespace

base::Task<base::Result<StepResult>> leave_payment(const Context& context, const merchants::ShopConfig& shop,
                                                   PaymentId id, std::string_view actor) {
  co_return co_await context.database.write(
      Context::lane(shop.shop.id, id), [&](db::Tx& tx) -> base::Result<StepResult> {
        ACQUIT_TRY(WholePayment whole, context.store.lock_whole(tx, shop.shop.id, id));
        Payment& payment = whole.payment;
        Transaction& last = whole.transactions.back();
        if (payment.ended_at)
          return StepResult{
              .payment = std::move(payment), .transaction = std::move(last), .notification = std::nullopt};
        const bool batch = actor == kActorBatch;
        if (batch && payment.expires_at > context.clock.now()) {
          return base::fail(base::ErrorCode::wrong_state, "the buyer has come back meanwhile");
        }
        if (last.state == State::authorising)
          return base::fail(base::ErrorCode::wrong_state, "the payment is being made at this moment");
        ACQUIT_TRY(const EventSource event, leave_transaction(context, tx, last, actor));
        ACQUIT_TRY(auto notification,
                   end_payment(context, tx, shop, payment, last, event, batch ? SentBy::outbox : SentBy::caller));
        return StepResult{
            .payment = std::move(payment), .transaction = std::move(last), .notification = std::move(notification)};
      });
}

}  // namespace acquit::payments

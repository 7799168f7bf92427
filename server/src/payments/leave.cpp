#include "payments/leave.h"

#include "payments/events.h"

namespace acquit::payments {

base::Task<base::Result<Attempt>> leave_payment(const Context& context, const merchants::ShopConfig& shop, PaymentId id,
                                                std::string_view actor) {
  co_return co_await context.database.write(Context::lane(id), [&](db::Tx& tx) -> base::Result<Attempt> {
    ACQUIT_TRY(Payment payment, context.store.lock_payment(tx, shop.shop.id, id));
    ACQUIT_TRY(auto transactions, context.store.transactions_of(tx, shop.shop.id, id));
    if (transactions.empty()) return base::fail(base::ErrorCode::internal, "a payment without a transaction");
    Transaction& last = transactions.back();
    if (payment.ended_at)
      return Attempt{.payment = std::move(payment), .transaction = std::move(last), .notification = std::nullopt};
    if (actor == kActorBatch && payment.expires_at > context.clock.now()) {
      return base::fail(base::ErrorCode::wrong_state, "the buyer has come back meanwhile");
    }
    if (last.state == State::authorising)
      return base::fail(base::ErrorCode::wrong_state, "the payment is being made at this moment");
    const bool tried = last.state == State::refused;
    last.due_at = std::nullopt;
    if (tried) {
      ACQUIT_CHECK(context.store.update_transaction(tx, last));
    } else {
      ACQUIT_CHECK(context.store.transition(
          tx, last,
          {.event = Event::abandon, .actor = actor, .moved = base::Money(0, last.amount.currency()), .detail = {}}));
    }
    ACQUIT_TRY(auto notification, end_payment(context, tx, shop, payment, last, tried ? kEndOfPayment : kCancellation));
    return Attempt{
        .payment = std::move(payment), .transaction = std::move(last), .notification = std::move(notification)};
  });
}

}  // namespace acquit::payments

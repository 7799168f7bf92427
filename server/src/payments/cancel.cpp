#include "payments/events.h"
#include "payments/operations.h"

namespace acquit::payments {

base::Task<base::Result<Transaction>> cancel(const Context& context, const merchants::ShopConfig& shop,
                                             OperationRequest request) {
  co_return co_await context.database.write(Context::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Transaction> {
    ACQUIT_TRY(Transaction transaction, context.store.lock_transaction(tx, shop.shop.id, request.transaction));
    const bool held = transaction.state == State::authorised || transaction.state == State::to_validate;
    transaction.due_at = std::nullopt;
    ACQUIT_CHECK(
        context.store.transition(tx, transaction,
                                 {.event = Event::cancel,
                                  .actor = request.actor,
                                  .moved = held ? transaction.amount : base::Money(0, transaction.amount.currency()),
                                  .detail = {}}));
    // A refund was never announced to the acquirer; there is nothing to take back there.
    if (held && transaction.kind == Kind::debit) {
      ACQUIT_CHECK(context.outbox.add(tx, transaction.shop, kTopicReversal, transaction.id.hex(), "release",
                                      context.clock.now()));
    }
    ACQUIT_CHECK(announce(context, tx, transaction, kBackOffice));
    return transaction;
  });
}

}  // namespace acquit::payments

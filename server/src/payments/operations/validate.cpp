#include <algorithm>

#include "payments/ending/announcements.h"
#include "payments/operations/impl/modification.h"
#include "payments/operations/operations.h"

namespace acquit::payments {

base::Task<base::Result<Transaction>> validate(const Context& context, const Permit& permit,
                                               const merchants::ShopConfig& shop, TransactionId id,
                                               std::optional<base::Money> amount) {
  co_return co_await context.database.write(Context::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Transaction> {
    ACQUIT_TRY(Transaction transaction, context.store.lock_transaction(tx, shop.shop.id, id));
    if (!transaction.capture.awaits_validation())
      return base::fail(base::ErrorCode::wrong_state, "the transaction needs no validation");
    if (amount && *amount != transaction.amount) {
      const Modification lower{.amount = amount, .capture_at = {}};
      ACQUIT_CHECK(take_modification(context, shop, tx, transaction, lower, permit.actor()));
    }
    const base::Time now = context.clock.now();
    transaction.capture.validated_at = now;
    if (transaction.state == State::to_validate) {
      transaction.capture.at = std::max(now, transaction.capture.at);
      transaction.due.at = transaction.capture.at;
    } else {
      transaction.due.at = std::max(now, transaction.due.authorise_at.value_or(now));
    }
    ACQUIT_CHECK(context.store.transition(tx, transaction,
                                          {.event = Event::validate,
                                           .actor = permit.actor(),
                                           .moved = base::Money::zero(transaction.amount.currency()),
                                           .detail = {}}));
    ACQUIT_CHECK(announce(context, tx, transaction, merchants::Rule::back_office_operation));
    return transaction;
  });
}

}  // namespace acquit::payments

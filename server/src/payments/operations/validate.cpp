#include <algorithm>

#include "payments/ending/announcements.h"
#include "payments/operations/impl/modification.h"
#include "payments/operations/operations.h"

namespace acquit::payments {

base::Task<base::Result<Transaction>> validate(const Services& services, const Permit& permit,
                                               const merchants::ShopConfig& shop, TransactionId id,
                                               std::optional<base::Money> amount) {
  co_return co_await services.database.write(
      Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Transaction> {
        ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
        if (!transaction.capture.awaits_validation())
          return base::fail(base::ErrorCode::wrong_state, "the transaction needs no validation");
        if (amount && *amount != transaction.amount) {
          const Modification lower{.amount = amount, .capture_at = {}};
          ACQUIT_CHECK(take_modification(services, shop, tx, transaction, lower, permit.actor()));
        }
        const base::Time now = services.clock.now();
        transaction.capture.validated_at = now;
        if (transaction.state == State::to_validate) {
          transaction.capture.at = std::max(now, transaction.capture.at);
          transaction.due.at = transaction.capture.at;
        } else {
          transaction.due.at = std::max(now, transaction.due.authorise_at.value_or(now));
        }
        ACQUIT_CHECK(services.store.transition(tx, transaction,
                                               {.event = Event::validate,
                                                .actor = permit.actor(),
                                                .moved = base::Money::zero(transaction.amount.currency()),
                                                .detail = {}}));
        ACQUIT_CHECK(announce(services, tx, transaction, merchants::Rule::back_office_operation));
        return transaction;
      });
}

}  // namespace acquit::payments

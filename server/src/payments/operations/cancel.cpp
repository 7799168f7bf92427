#include "payments/ending/announcements.h"
#include "payments/operations/impl/modification.h"
#include "payments/operations/operations.h"

namespace acquit::payments {
namespace {

base::Result<void> take_part(const Services& services, const merchants::ShopConfig& shop, db::Tx& tx,
                             Transaction& transaction, base::Money part, const base::Actor& actor) {
  ACQUIT_TRY(const base::Money rest, transaction.amount.minus(part));
  if (part.minor() <= 0) return base::fail(base::ErrorCode::field_value, "the amount must be above zero", "amount");
  if (rest.minor() < 0) {
    return base::fail(base::ErrorCode::amount_exceeds_authorised,
                      "only " + transaction.amount.to_text() + " is there to be cancelled", "amount");
  }
  ACQUIT_CHECK(take_modification(services, shop, tx, transaction, {.amount = rest, .capture_at = {}}, actor));
  return announce(services, tx, transaction, merchants::Rule::back_office_operation);
}

}  // namespace

base::Task<base::Result<Transaction>> cancel(const Services& services, const Permit& permit,
                                             const merchants::ShopConfig& shop, TransactionId id,
                                             std::optional<base::Money> part) {
  co_return co_await services.database.write(
      Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Transaction> {
        ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
        if (part && *part != transaction.amount) {
          ACQUIT_CHECK(take_part(services, shop, tx, transaction, *part, permit.actor()));
          return transaction;
        }
        const bool held = transaction.state == State::authorised || transaction.state == State::to_validate;
        transaction.due.at = std::nullopt;
        ACQUIT_CHECK(services.store.transition(
            tx, transaction,
            {.event = Event::cancel,
             .actor = permit.actor(),
             .moved = held ? transaction.amount : base::Money::zero(transaction.amount.currency()),
             .detail = {}}));
        // A refund was never announced to the acquirer; there is nothing to take back there.
        if (held && transaction.kind == Kind::debit) {
          ACQUIT_CHECK(services.outbox.add(tx, transaction.shop, kTopicReversal, transaction.id.hex(), "release",
                                           services.clock.now()));
        }
        ACQUIT_CHECK(announce(services, tx, transaction, merchants::Rule::back_office_operation));
        return transaction;
      });
}

}  // namespace acquit::payments

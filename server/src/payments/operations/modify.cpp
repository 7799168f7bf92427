#include "payments/ending/announcements.h"
#include "payments/nouns/calendar.h"
#include "payments/operations/impl/modification.h"
#include "payments/operations/operations.h"

namespace acquit::payments {
namespace {

base::Result<base::Money> apply_amount(Transaction& transaction, const Modification& change) {
  const base::Money before = transaction.amount;
  if (!change.amount) return base::Money::zero(before.currency());
  ACQUIT_TRY(const base::Money less, before.minus(*change.amount));
  if (change.amount->minor() <= 0)
    return base::fail(base::ErrorCode::field_value, "the amount must be above zero", "amount");
  if (less.minor() < 0) {
    return base::fail(base::ErrorCode::amount_exceeds_authorised, "the amount can only be lowered", "amount");
  }
  transaction.amount = *change.amount;
  return transaction.state == State::waiting_authorisation ? base::Money::zero(before.currency()) : less;
}

base::Result<void> apply_capture_at(Transaction& transaction, const Modification& change, base::Time now,
                                    const std::string& timezone) {
  if (!change.capture_at) return {};
  if (*change.capture_at < now)
    return base::fail(base::ErrorCode::field_value, "the capture lies in the past", "capture_date");
  const bool authorised = transaction.state != State::waiting_authorisation;
  const base::Time authorised_at = transaction.answer.at.value_or(transaction.created_at);
  if (authorised && !within_authorisation_life(authorised_at, *change.capture_at, timezone)) {
    return base::fail(base::ErrorCode::field_value, "the capture lies beyond the life of the authorisation",
                      "capture_date");
  }
  transaction.capture.at = *change.capture_at;
  if (transaction.state == State::authorised) transaction.due.at = transaction.capture.at;
  if (!authorised) transaction.await_authorisation(now);
  return {};
}

}  // namespace

base::Result<void> take_modification(const Services& services, const merchants::ShopConfig& shop, db::Tx& tx,
                                     Transaction& transaction, const Modification& change, const base::Actor& actor) {
  if (transaction.kind != Kind::debit) return base::fail(base::ErrorCode::wrong_state, "a refund can't be modified");
  ACQUIT_TRY(const base::Money moved, apply_amount(transaction, change));
  ACQUIT_CHECK(apply_capture_at(transaction, change, services.clock.now(), shop.shop.timezone));
  return services.store.transition(tx, transaction,
                                   {.event = Event::modify, .actor = actor, .moved = moved, .detail = {}});
}

base::Task<base::Result<Transaction>> modify(const Services& services, const Permit& permit,
                                             const merchants::ShopConfig& shop, TransactionId id, Modification change) {
  co_return co_await services.database.write(
      Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Transaction> {
        ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
        ACQUIT_CHECK(take_modification(services, shop, tx, transaction, change, permit.actor()));
        ACQUIT_CHECK(announce(services, tx, transaction, merchants::Rule::back_office_operation));
        return transaction;
      });
}

}  // namespace acquit::payments

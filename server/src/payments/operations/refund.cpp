#include "payments/ending/announcements.h"
#include "payments/nouns/calendar.h"
#include "payments/operations/operations.h"

namespace acquit::payments {
namespace {

base::Result<void> check_refund(const Services& services, db::Tx& tx, const Transaction& parent, base::Money amount) {
  if (parent.kind != Kind::debit || parent.state != State::captured) {
    return base::fail(base::ErrorCode::wrong_state, "only a captured debit can be refunded; this transaction is " +
                                                        std::string(to_string(parent.state)));
  }
  if (amount.currency() != parent.amount.currency()) {
    return base::fail(base::ErrorCode::currency_mismatch, "a refund is in the currency of the debit", "currency");
  }
  if (amount.minor() <= 0) return base::fail(base::ErrorCode::field_value, "the amount must be above zero", "amount");
  ACQUIT_TRY(const std::int64_t refunded, services.store.refunded(tx, parent));
  if (amount.minor() > parent.amount.minor() - refunded) {
    return base::fail(base::ErrorCode::amount_exceeds_captured,
                      "only " + base::Money(parent.amount.minor() - refunded, amount.currency()).to_text() +
                          " is left to be refunded",
                      "amount");
  }
  return {};
}

Transaction credit_for(const Services& services, const merchants::ShopConfig& shop, const Transaction& parent,
                       base::Money amount) {
  const merchants::Contract* contract = shop.find_contract(parent.contract_id);
  const base::Time now = services.clock.now();
  Transaction refund = born_of(parent, TransactionId::make(services.clock, services.random), now);
  refund.parent = parent.id;
  refund.kind = Kind::credit;
  refund.state = State::authorised;
  refund.sequence = parent.sequence;
  refund.amount = amount;
  refund.capture.at = capture_time({.now = now,
                                    .delay_days = 0,
                                    .hour = contract == nullptr ? 0 : contract->capture_hour,
                                    .timezone = shop.shop.timezone});
  refund.due = {.at = refund.capture.at, .authorise_at = parent.due.authorise_at};  // How the card was entered.
  return refund;
}

}  // namespace

base::Task<base::Result<Transaction>> refund(const Services& services, const Permit& permit,
                                             const merchants::ShopConfig& shop, TransactionId id, base::Money amount) {
  co_return co_await services.database.write(
      Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Transaction> {
        // The lock on the debit makes refunds of one debit queue up, on every node.
        ACQUIT_TRY(const Transaction parent, services.store.lock_transaction(tx, shop.shop.id, id));
        ACQUIT_CHECK(check_refund(services, tx, parent, amount));
        Transaction credit = credit_for(services, shop, parent, amount);
        ACQUIT_CHECK(services.store.add_transaction(tx, credit, permit.actor(), {}));
        ACQUIT_CHECK(services.store.post_refund(tx, credit));
        ACQUIT_CHECK(services.store.add_operation(tx, parent, "refund", permit.actor(), amount, credit.id.hex()));
        // The promise itself, read back from what was written: it may veto the commit.
        ACQUIT_TRY(const std::int64_t refunded, services.store.refunded(tx, parent));
        if (refunded > parent.amount.minor()) {
          return base::fail(base::ErrorCode::invariant_broken, "more would be refunded than was captured");
        }
        ACQUIT_CHECK(announce(services, tx, credit, merchants::Rule::back_office_operation));
        return credit;
      });
}

}  // namespace acquit::payments

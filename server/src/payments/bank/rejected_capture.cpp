#include "payments/bank/rejected_capture.h"

#include "payments/bank/message_payload.h"

namespace acquit::payments {
namespace {

// None of them was handed over: they wait for the acknowledgement that will not come.
base::Result<void> cancel_refunds(const Services& services, db::Tx& tx, const Transaction& debit,
                                  const Rejection& rejection) {
  ACQUIT_TRY(const auto transactions, services.store.transactions_of(tx, debit.shop, debit.payment));
  for (const Transaction& listed : transactions) {
    if (listed.parent != debit.id) continue;
    ACQUIT_TRY(Transaction refund, services.store.lock_transaction(tx, listed.shop, listed.id));
    if (refund.state != State::authorised) continue;
    refund.due.at = std::nullopt;
    ACQUIT_CHECK(services.store.transition(tx, refund,
                                           {.event = Event::cancel,
                                            .actor = rejection.actor,
                                            .moved = refund.amount,
                                            .detail = "the bank rejected the debit"}));
    ACQUIT_CHECK(announce(services, tx, refund, rejection.rule));
  }
  return {};
}

}  // namespace

base::Result<void> reject_capture(const Services& services, db::Tx& tx, Transaction& transaction,
                                  const Rejection& rejection) {
  ACQUIT_CHECK(services.store.transition(tx, transaction,
                                         {.event = Event::reject_capture,
                                          .actor = rejection.actor,
                                          .moved = transaction.amount,
                                          .detail = rejection.why}));
  ACQUIT_CHECK(cancel_refunds(services, tx, transaction, rejection));
  // What was authorised is still held, and nobody will ever take it.
  if (transaction.kind == Kind::debit) {
    ACQUIT_CHECK(services.outbox.add(tx, transaction.shop, kTopicReversal, transaction.id.hex(),
                                     std::string(kReverseRelease), services.clock.now()));
  }
  return announce(services, tx, transaction, rejection.rule);
}

}  // namespace acquit::payments

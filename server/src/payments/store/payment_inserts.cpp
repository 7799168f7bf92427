// What PaymentStore adds: payments and transactions.
#include "db/statement.h"
#include "payments/store/payment_rows.h"
#include "payments/store/payment_search.h"
#include "payments/store/payment_store.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "payments." + std::string(name));
}
const db::Statement kInsertPayment = statement("insert_payment");
const db::Statement kOtherByKey = statement("other_payment_by_key");
const db::Statement kInsertTransaction = statement("insert_transaction");
const db::Statement kInsertTransactionOfAdded = statement("insert_transaction_of_added");
const db::Statement kInsertOperationOfAdded = statement("insert_operation_of_added");

db::Asked ask_to_insert(db::Tx& tx, const Payment& p) {
  const std::optional<std::string_view> key = p.key.empty() ? std::nullopt : std::optional<std::string_view>(p.key);
  const std::string buyer = to_text(p.buyer);
  const std::string id = p.id.hex();
  return tx.ask(kInsertPayment, {p.shop.value(),
                                 id,
                                 merchants::to_string(p.mode),
                                 p.protocol,
                                 to_string(p.source),
                                 key,
                                 p.reference,
                                 p.amount.minor(),
                                 p.amount.currency().code(),
                                 p.plan,
                                 p.language,
                                 p.capture_delay_days,
                                 p.manual_validation,
                                 to_string(p.challenge_preference),
                                 p.methods,
                                 buyer,
                                 p.protocol_fields,
                                 p.request_hash,
                                 p.notification_url,
                                 p.attempts,
                                 p.attempts_max,
                                 base::to_ms(p.created_at),
                                 base::to_ms(p.expires_at),
                                 base::to_ms(p.ended_at),
                                 p.contracts,
                                 email_key(p.buyer.email)});
}

}  // namespace

base::Result<bool> PaymentStore::add_payment(db::Tx& tx, const Payment& payment) const {
  ACQUIT_TRY(const auto row, ask_to_insert(tx, payment).first());
  return row.has_value();
}

base::Result<PaymentStore::Added> PaymentStore::add_with_transaction(db::Tx& tx, const Payment& payment,
                                                                     const Transaction& transaction,
                                                                     std::string_view actor) const {
  db::Asked added = ask_to_insert(tx, payment);
  std::optional<db::Asked> holder;
  if (!payment.key.empty()) {
    holder = tx.ask(kOtherByKey, {payment.shop.value(), payment.protocol, payment.key, payment.id.hex()});
  }
  ACQUIT_CHECK(insert_transaction(tx, kInsertTransactionOfAdded, transaction));
  const Operation born =
      operation_of(transaction, transaction.state, {.actor = actor, .moved = transaction.amount}, "create");
  ACQUIT_CHECK(insert_operation(tx, kInsertOperationOfAdded, born));
  return Added(std::move(added), std::move(holder));
}

base::Result<std::optional<Payment>> PaymentStore::Added::earlier() {
  ACQUIT_TRY(const auto row, added_.first());
  if (row) return std::nullopt;
  if (holder_) {
    ACQUIT_TRY(auto found, to_maybe_payment(holder_->first()));
    if (found) return found;
  }
  return base::fail(base::ErrorCode::internal, "a payment was not added and no other is in its place");
}

base::Result<void> PaymentStore::add_transaction(db::Tx& tx, const Transaction& t, std::string_view actor,
                                                 std::string_view detail) const {
  ACQUIT_CHECK(insert_transaction(tx, kInsertTransaction, t));
  return add_operation(tx, t, "create", actor, t.amount, detail);
}

base::Result<void> PaymentStore::add_stepped(db::Tx& tx, Transaction& transaction, std::string_view actor,
                                             const Step& step) const {
  const Operation born =
      operation_of(transaction, transaction.state, {.actor = actor, .moved = transaction.amount}, "create");
  const State before = transaction.state;
  ACQUIT_TRY(transaction.state, require_next(before, step.event));
  ACQUIT_CHECK(insert_transaction(tx, kInsertTransaction, transaction));
  ACQUIT_CHECK(write_operation(tx, born, {}));
  return write_operation(tx, operation_of(transaction, before, step, to_string(step.event)),
                         postings_for(transaction.kind, step.event, step.moved));
}

base::Result<void> PaymentStore::insert_transaction(db::Tx& tx, const db::Statement& how, const Transaction& t) {
  const std::optional<std::string> parent = t.parent ? std::optional(t.parent->hex()) : std::nullopt;
  const std::optional<std::int64_t> stan = t.trace ? std::optional<std::int64_t>(t.trace->stan) : std::nullopt;
  const std::optional<std::int64_t> sent_at = t.trace ? std::optional(base::to_ms(t.trace->sent_at)) : std::nullopt;
  const std::string id = t.id.hex();
  const std::string payment = t.payment.hex();
  const std::string authentication = to_text(t.authentication);
  const std::string card_facts = to_text(t.card.facts);
  const std::optional<std::string_view> cause = t.cause ? std::optional(to_string(*t.cause)) : std::nullopt;
  return tx.run(how, {t.shop.value(),
                      id,
                      payment,
                      parent,
                      to_string(t.kind),
                      to_string(t.state),
                      t.sequence,
                      t.attempt,
                      t.amount.minor(),
                      t.amount.currency().code(),
                      t.contract_id,
                      t.method,
                      t.card.id,
                      t.card.masked,
                      t.card.expiry_year,
                      t.card.expiry_month,
                      t.card.holder,
                      t.capture.manual_validation,
                      base::to_ms(t.capture.validated_at),
                      base::to_ms(t.capture.at),
                      base::to_ms(t.due.authorise_at),
                      base::to_ms(t.due.at),
                      t.reference,
                      stan,
                      sent_at,
                      base::to_ms(t.answer.at),
                      t.answer.response_code,
                      t.answer.authorisation_code,
                      cause,
                      base::to_ms(t.unknown_since),
                      t.verification,
                      authentication,
                      base::to_ms(t.created_at),
                      t.card.brand_chosen,
                      card_facts});
}

}  // namespace acquit::payments

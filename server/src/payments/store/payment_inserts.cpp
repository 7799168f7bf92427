// What PaymentStore adds: payments and transactions.
#include "db/statement.h"
#include "payments/store/payment_store.h"
#include "payments/store/payment_tables.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "payments." + std::string(name),
                            {kPaymentTable, kTransactionTable, kOperationTable});
}
const db::Statement kInsertPayment = statement("insert_payment");
const db::Statement kOtherByKey = statement("other_payment_by_key");
const db::Statement kInsertTransaction = statement("insert_transaction");
const db::Statement kInsertTransactionOfAdded = statement("insert_transaction_of_added");
const db::Statement kInsertOperationOfAdded = statement("insert_operation_of_added");

}  // namespace

base::Result<bool> PaymentStore::add_payment(db::Tx& tx, const Payment& payment) const {
  ACQUIT_TRY(const auto row, tx.ask(kInsertPayment, kPaymentTable.bind(payment)).first());
  return row.has_value();
}

base::Result<PaymentStore::Added> PaymentStore::add_with_transaction(db::Tx& tx, const Payment& payment,
                                                                     const Transaction& transaction,
                                                                     const base::Actor& actor) const {
  db::Asked added = tx.ask(kInsertPayment, kPaymentTable.bind(payment));
  std::optional<db::Asked> holder;
  if (!payment.key.empty()) {
    holder = tx.ask(kOtherByKey, {payment.shop.value(), payment.protocol, payment.key, payment.id.hex()});
  }
  ACQUIT_CHECK(tx.run(kInsertTransactionOfAdded, kTransactionTable.bind(transaction)));
  const Operation born =
      operation_of(transaction, transaction.state, {.actor = actor, .moved = transaction.amount}, "create");
  ACQUIT_CHECK(tx.run(kInsertOperationOfAdded, kOperationTable.bind(born)));
  return Added(std::move(added), std::move(holder));
}

base::Result<std::optional<Payment>> PaymentStore::Added::earlier() {
  ACQUIT_TRY(const auto row, added_.first());
  if (row) return std::nullopt;
  if (holder_) {
    ACQUIT_TRY(auto found, kPaymentTable.read(holder_->first()));
    if (found) return found;
  }
  return base::fail(base::ErrorCode::internal, "a payment was not added and no other is in its place");
}

base::Result<void> PaymentStore::add_transaction(db::Tx& tx, const Transaction& t, const base::Actor& actor,
                                                 std::string_view detail) const {
  ACQUIT_CHECK(tx.run(kInsertTransaction, kTransactionTable.bind(t)));
  return add_operation(tx, t, "create", actor, t.amount, detail);
}

base::Result<void> PaymentStore::add_stepped(db::Tx& tx, Transaction& transaction, const base::Actor& actor,
                                             const Step& step) const {
  const Operation born =
      operation_of(transaction, transaction.state, {.actor = actor, .moved = transaction.amount}, "create");
  const State before = transaction.state;
  ACQUIT_TRY(transaction.state, require_next(before, step.event));
  ACQUIT_CHECK(tx.run(kInsertTransaction, kTransactionTable.bind(transaction)));
  ACQUIT_CHECK(write_operation(tx, born, {}));
  return write_operation(tx, operation_of(transaction, before, step, to_string(step.event)),
                         postings_for(transaction.kind, step.event, step.moved));
}

}  // namespace acquit::payments

#include "payments/store/payment_store.h"

#include <algorithm>

#include "db/statement.h"
#include "payments/store/payment_tables.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_payments(), "payments." + std::string(name),
                            {kPaymentTable, kTransactionTable, kOperationTable});
}
const db::Statement kPayment = statement("payment");
const db::Statement kLockPayment = statement("lock_payment");
const db::Statement kPaymentOfAuthentication = statement("payment_of_authentication");
const db::Statement kTransactionOfAuthentication = statement("transaction_of_authentication");
const db::Statement kLockPaymentOfTransaction = statement("lock_payment_of_transaction");
const db::Statement kPaymentByKey = statement("payment_by_key");
const db::Statement kUpdateAttempts = statement("update_attempts");
const db::Statement kUpdateExpiry = statement("update_expiry");
const db::Statement kUpdateEnd = statement("update_end");
const db::Statement kUpdateLanguage = statement("update_language");
const db::Statement kUpdateTransaction = statement("update_transaction");
const db::Statement kTransaction = statement("transaction");
const db::Statement kLockTransaction = statement("lock_transaction");
const db::Statement kTransactionsOfPayment = statement("transactions_of_payment");
const db::Statement kDueAuthorisations = statement("due_authorisations");
const db::Statement kTransactionsAfter = statement("transactions_after");
const db::Statement kDueOthers = statement("due_others");
const db::Statement kInsertOperation = statement("insert_operation");
const db::Statement kOperations = statement("operations");
const db::Statement kOperationsBetween = statement("operations_between");
const db::Statement kHasOperation = statement("has_operation");
const db::Statement kInsertPosting = statement("insert_posting");
const db::Statement kBalance = statement("balance");
const db::Statement kRefunded = statement("refunded");

template <class T>
base::Result<T> only(base::Result<std::optional<T>> found, std::string_view what) {
  if (!found) return std::unexpected(std::move(found).error());
  if (!*found) return base::fail(base::ErrorCode::not_found, "no such " + std::string(what));
  return **std::move(found);
}

struct AskedWhole {
  db::Asked payment;
  db::Asked transactions;
};

// The transactions are read after the payment: where that takes its lock, nobody changes them any more.
AskedWhole ask_whole(db::ReadTx& tx, const db::Statement& payment_statement, base::ShopId shop, PaymentId id) {
  db::Asked payment = tx.ask(payment_statement, {shop.value(), id.hex()});
  return {.payment = std::move(payment), .transactions = tx.ask(kTransactionsOfPayment, {shop.value(), id.hex()})};
}

base::Result<std::optional<WholePayment>> whole(AskedWhole asked) {
  ACQUIT_TRY(auto found, kPaymentTable.read(asked.payment.first()));
  if (!found) return std::nullopt;
  ACQUIT_TRY(std::vector<Transaction> all, kTransactionTable.read(asked.transactions.rows()));
  if (all.empty()) return base::fail(base::ErrorCode::internal, "a payment without a transaction");
  return WholePayment{.payment = *std::move(found), .transactions = std::move(all)};
}

}  // namespace

OperationId PaymentStore::next_operation_id() const {
  constexpr int kCountBits = 12;
  const std::uint64_t now = static_cast<std::uint64_t>(base::to_ms(clock_.now())) << kCountBits;
  std::uint64_t last = last_operation_.load();
  std::uint64_t next = std::max(last + 1, now);
  while (!last_operation_.compare_exchange_weak(last, next)) next = std::max(last + 1, now);
  // A count where version 7 allows one (RFC 9562 §6.2, method 1), so that a history reads in the order it was written.
  base::IdBytes bytes = base::new_id_bytes(base::time_from_ms(static_cast<std::int64_t>(next >> kCountBits)), random_);
  bytes[6] = std::byte{0x70} | static_cast<std::byte>((next >> 8) & 0x0F);
  bytes[7] = static_cast<std::byte>(next & 0xFF);
  return OperationId(bytes);
}

base::Result<std::optional<Payment>> PaymentStore::find_payment(db::ReadTx& tx, base::ShopId shop, PaymentId id) const {
  return kPaymentTable.read(tx.find(kPayment, {shop.value(), id.hex()}));
}

base::Result<Payment> PaymentStore::lock_payment(db::Tx& tx, base::ShopId shop, PaymentId id) const {
  return only(kPaymentTable.read(tx.find(kLockPayment, {shop.value(), id.hex()})), "payment");
}

base::Result<std::optional<WholePayment>> PaymentStore::find_whole(db::ReadTx& tx, base::ShopId shop,
                                                                   PaymentId id) const {
  return whole(ask_whole(tx, kPayment, shop, id));
}

base::Result<std::vector<WholePayment>> PaymentStore::find_wholes(db::ReadTx& tx, base::ShopId shop,
                                                                  const std::vector<PaymentId>& ids) const {
  std::vector<AskedWhole> asked;
  asked.reserve(ids.size());
  for (const PaymentId& id : ids) asked.push_back(ask_whole(tx, kPayment, shop, id));
  std::vector<WholePayment> out;
  out.reserve(ids.size());
  for (AskedWhole& one : asked) {
    ACQUIT_TRY(auto found, whole(std::move(one)));
    if (found) out.push_back(*std::move(found));
  }
  return out;
}

base::Result<WholePayment> PaymentStore::lock_whole(db::Tx& tx, base::ShopId shop, PaymentId id) const {
  ACQUIT_TRY(auto found, whole(ask_whole(tx, kLockPayment, shop, id)));
  if (!found) return base::fail(base::ErrorCode::not_found, "no such payment");
  return *std::move(found);
}

base::Result<std::optional<Payment>> PaymentStore::find_by_key(db::ReadTx& tx, base::ShopId shop,
                                                               std::string_view protocol, std::string_view key) const {
  return kPaymentTable.read(tx.find(kPaymentByKey, {shop.value(), protocol, key}));
}

base::Result<void> PaymentStore::write_attempts(db::Tx& tx, const Payment& p) const {
  return tx.run(kUpdateAttempts, {p.shop.value(), p.id.hex(), p.attempts, base::to_ms(p.expires_at)});
}

base::Result<void> PaymentStore::write_expiry(db::Tx& tx, const Payment& p) const {
  return tx.run(kUpdateExpiry, {p.shop.value(), p.id.hex(), base::to_ms(p.expires_at)});
}

base::Result<void> PaymentStore::write_end(db::Tx& tx, const Payment& p) const {
  return tx.run(kUpdateEnd, {p.shop.value(), p.id.hex(), base::to_ms(p.ended_at)});
}

base::Result<void> PaymentStore::write_language(db::Tx& tx, base::ShopId shop, PaymentId id,
                                                std::string_view language) const {
  return tx.run(kUpdateLanguage, {shop.value(), id.hex(), language});
}

base::Result<void> PaymentStore::transition(db::Tx& tx, Transaction& transaction, const Step& step) const {
  const State before = transaction.state;
  ACQUIT_TRY(transaction.state, require_next(before, step.event));
  // Only what ends an unknown outcome may touch one: an answer that comes too late changes nothing.
  const bool ends_unknown = step.event == Event::reverse || step.event == Event::postpone;
  ACQUIT_CHECK(write_transaction(tx, transaction, before, ends_unknown));
  return write_operation(tx, operation_of(transaction, before, step, to_string(step.event)),
                         postings_for(transaction.kind, step.event, step.moved));
}

Operation PaymentStore::operation_of(const Transaction& t, State before, const Step& step,
                                     std::string_view event) const {
  return {.shop = t.shop,
          .transaction = t.id,
          .id = next_operation_id(),
          .at = clock_.now(),
          .actor = step.actor,
          .event = std::string(event),
          .before = before,
          .after = t.state,
          .amount = step.moved,
          .detail = std::string(step.detail)};
}

base::Result<void> PaymentStore::update_transaction(db::Tx& tx, const Transaction& transaction) const {
  return write_transaction(tx, transaction, transaction.state, /*ends_unknown=*/false);
}

base::Result<void> PaymentStore::add_operation(db::Tx& tx, const Transaction& t, std::string_view event,
                                               const base::Actor& actor, base::Money amount,
                                               std::string_view detail) const {
  return write_operation(tx, operation_of(t, t.state, {.actor = actor, .moved = amount, .detail = detail}, event), {});
}

base::Result<void> PaymentStore::post_refund(db::Tx& tx, const Transaction& t) const {
  return write_operation(tx, operation_of(t, t.state, {.actor = base::Actor::shop(), .moved = t.amount}, "refund"),
                         postings_for_refund(t.amount));
}

base::Result<void> PaymentStore::write_transaction(db::Tx& tx, const Transaction& t, State before,
                                                   bool ends_unknown) const {
  const db::Bound change = kTransactionTable.bind_change({to_string(before), ends_unknown}, t);
  ACQUIT_TRY(const bool changed, tx.change_one(kUpdateTransaction, change));
  if (changed) return {};
  return base::fail(base::ErrorCode::wrong_state, "the transaction was changed by somebody else meanwhile");
}

base::Result<void> PaymentStore::write_operation(db::Tx& tx, const Operation& o,
                                                 const std::vector<Posting>& postings) const {
  const std::string transaction = o.transaction.hex();
  const std::string id = o.id.hex();
  ACQUIT_CHECK(tx.run(kInsertOperation, kOperationTable.bind(o)));
  std::int64_t sum = 0;
  for (const Posting& posting : postings) {
    sum += posting.minor;
    ACQUIT_CHECK(tx.run(kInsertPosting, {o.shop.value(), transaction, id, to_string(posting.account), posting.minor,
                                         o.amount.currency().code(), base::to_ms(o.at)}));
  }
  // Money neither appears nor vanishes; the table in ledger.cpp makes this impossible, and that is why it is checked
  // here.
  if (sum != 0) return base::fail(base::ErrorCode::invariant_broken, "postings of " + o.event + " do not balance");
  return {};
}

base::Result<Transaction> PaymentStore::load_transaction(db::ReadTx& tx, base::ShopId shop, TransactionId id) const {
  return only(kTransactionTable.read(tx.find(kTransaction, {shop.value(), id.hex()})), "transaction");
}

base::Result<Transaction> PaymentStore::lock_transaction(db::Tx& tx, base::ShopId shop, TransactionId id) const {
  return only(kTransactionTable.read(tx.find(kLockTransaction, {shop.value(), id.hex()})), "transaction");
}

base::Result<PaymentPart> PaymentStore::lock_with_payment(db::Tx& tx, base::ShopId shop, TransactionId id) const {
  return ask_lock(tx, shop, id).locked();
}

PaymentStore::Locking PaymentStore::ask_lock(db::Tx& tx, base::ShopId shop, TransactionId id) const {
  db::Asked payment = tx.ask(kLockPaymentOfTransaction, {shop.value(), id.hex()});
  return {std::move(payment), tx.ask(kLockTransaction, {shop.value(), id.hex()})};
}

PaymentStore::Locking PaymentStore::ask_authenticating(db::ReadTx& tx, base::ShopId shop,
                                                       std::string_view authentication) const {
  db::Asked payment = tx.ask(kPaymentOfAuthentication, {shop.value(), authentication});
  return {std::move(payment), tx.ask(kTransactionOfAuthentication, {shop.value(), authentication})};
}

base::Result<PaymentPart> PaymentStore::Locking::locked() {
  ACQUIT_TRY(Payment payment, only(kPaymentTable.read(payment_.first()), "transaction"));
  ACQUIT_TRY(Transaction transaction, only(kTransactionTable.read(transaction_.first()), "transaction"));
  return PaymentPart{.payment = std::move(payment), .transaction = std::move(transaction)};
}

base::Result<std::vector<Transaction>> PaymentStore::transactions_of(db::ReadTx& tx, base::ShopId shop,
                                                                     PaymentId id) const {
  return kTransactionTable.read(tx.query(kTransactionsOfPayment, {shop.value(), id.hex()}));
}

base::Result<std::vector<Transaction>> PaymentStore::transactions_after(db::ReadTx& tx, base::ShopId shop,
                                                                        std::string_view after, int limit) const {
  return kTransactionTable.read(tx.query(kTransactionsAfter, {shop.value(), after, limit}));
}

base::Result<std::vector<Transaction>> PaymentStore::due_transactions(db::ReadTx& tx, Due which, base::Time now,
                                                                      int limit) const {
  return kTransactionTable.read(
      tx.query(which == Due::authorisations ? kDueAuthorisations : kDueOthers, {base::to_ms(now), limit}));
}

base::Result<std::vector<Operation>> PaymentStore::operations_of(db::ReadTx& tx, base::ShopId shop,
                                                                 TransactionId id) const {
  return kOperationTable.read(tx.query(kOperations, {shop.value(), id.hex()}));
}

base::Result<std::vector<Operation>> PaymentStore::operations_between(db::ReadTx& tx, base::ShopId shop,
                                                                      TransactionId first, TransactionId last) const {
  return kOperationTable.read(tx.query(kOperationsBetween, {shop.value(), first.hex(), last.hex()}));
}

base::Result<bool> PaymentStore::has_operation(db::ReadTx& tx, base::ShopId shop, TransactionId id,
                                               std::string_view event) const {
  ACQUIT_TRY(const auto row, tx.find(kHasOperation, {shop.value(), id.hex(), event}));
  return row.has_value();
}

base::Result<std::int64_t> PaymentStore::balance(db::ReadTx& tx, const Transaction& t, Account account) const {
  ACQUIT_TRY(const auto row, tx.find(kBalance, {t.shop.value(), t.id.hex(), to_string(account)}));
  return row ? row->integer(0) : 0;
}

base::Result<std::int64_t> PaymentStore::refunded(db::ReadTx& tx, const Transaction& t) const {
  ACQUIT_TRY(const auto row, tx.find(kRefunded, {t.shop.value(), t.payment.hex(), t.id.hex()}));
  return row ? row->integer(0) : 0;
}

}  // namespace acquit::payments

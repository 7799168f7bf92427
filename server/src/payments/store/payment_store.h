// PaymentStore: payments, transactions, operations and postings in the database. Every query names its shop.
//
// `find_…` may find nothing, `load_…` fails with not_found, `lock_…` also keeps other nodes out until the commit. The
// state of a transaction changes in transition() and nowhere else. Safe from any thread.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "db/tx.h"
#include "payments/nouns/ledger.h"
#include "payments/nouns/payment.h"

namespace acquit::payments {

/// Who does what, and how much money moves by it (zero: none).
struct Step {
  Event event = Event::authorise;
  base::Actor actor;
  base::Money moved;
  std::string_view detail = {};
};

/// In the history of a captured transaction: the bank acknowledged what was handed over.
inline constexpr std::string_view kAcknowledged = "acknowledged";
/// The bank denies what was handed over, but may have it since an answer was lost; until "acknowledged" follows.
inline constexpr std::string_view kCaptureDoubtful = "capture_doubtful";

/// What a job looks at: what waits for its authorisation, which takes the acquirer's time, or all the rest.
enum class Due : std::uint8_t { authorisations, others };

class PaymentStore {
 public:
  PaymentStore(const base::Clock& clock, base::Random& random) : clock_(clock), random_(random) {}

  /// False if the shop already used the key.
  [[nodiscard]] base::Result<bool> add_payment(db::Tx& tx, const Payment& payment) const;
  /// A payment with its first transaction, unless the shop already used the key. Waits for
  /// nothing: what became of it is in the answer, once committed.
  class Added {
   public:
    Added(db::Asked added, std::optional<db::Asked> holder) : added_(std::move(added)), holder_(std::move(holder)) {}
    /// Who holds the key otherwise; nothing if the payment was added.
    [[nodiscard]] base::Result<std::optional<Payment>> earlier();

   private:
    db::Asked added_;
    std::optional<db::Asked> holder_;
  };
  [[nodiscard]] base::Result<Added> add_with_transaction(db::Tx& tx, const Payment& payment,
                                                         const Transaction& transaction,
                                                         const base::Actor& actor) const;
  [[nodiscard]] base::Result<std::optional<Payment>> find_payment(db::ReadTx& tx, base::ShopId shop,
                                                                  PaymentId id) const;
  [[nodiscard]] base::Result<Payment> lock_payment(db::Tx& tx, base::ShopId shop, PaymentId id) const;
  /// A payment that has no transaction is broken.
  [[nodiscard]] base::Result<std::optional<WholePayment>> find_whole(db::ReadTx& tx, base::ShopId shop,
                                                                     PaymentId id) const;
  /// Those of `ids` that there are, in that order; asked for together.
  [[nodiscard]] base::Result<std::vector<WholePayment>> find_wholes(db::ReadTx& tx, base::ShopId shop,
                                                                    const std::vector<PaymentId>& ids) const;
  /// The payment's lock keeps its transactions too: whoever changes one of several takes it first.
  [[nodiscard]] base::Result<WholePayment> lock_whole(db::Tx& tx, base::ShopId shop, PaymentId id) const;
  [[nodiscard]] base::Result<std::optional<Payment>> find_by_key(db::ReadTx& tx, base::ShopId shop,
                                                                 std::string_view protocol, std::string_view key) const;
  /// What of a payment ever changes, each by itself: a step that read the payment earlier overwrites nothing else.
  [[nodiscard]] base::Result<void> write_attempts(db::Tx& tx, const Payment& payment) const;  ///< And the expiry.
  [[nodiscard]] base::Result<void> write_expiry(db::Tx& tx, const Payment& payment) const;
  [[nodiscard]] base::Result<void> write_end(db::Tx& tx, const Payment& payment) const;
  [[nodiscard]] base::Result<void> write_language(db::Tx& tx, base::ShopId shop, PaymentId id,
                                                  std::string_view language) const;

  /// Writes a new transaction and, as its first operation, how it was born ("create").
  [[nodiscard]] base::Result<void> add_transaction(db::Tx& tx, const Transaction& transaction, const base::Actor& actor,
                                                   std::string_view detail) const;
  /// The same for a transaction that takes its first step in the moment of its birth.
  [[nodiscard]] base::Result<void> add_stepped(db::Tx& tx, Transaction& transaction, const base::Actor& actor,
                                               const Step& step) const;
  /// Takes one step of the state table: state, other fields of `transaction`, operation and postings in one go.
  /// Errors: wrong_state (the table has no such row, or another writer was faster).
  [[nodiscard]] base::Result<void> transition(db::Tx& tx, Transaction& transaction, const Step& step) const;
  /// Writes other fields (due date, trace) without a step.
  [[nodiscard]] base::Result<void> update_transaction(db::Tx& tx, const Transaction& transaction) const;
  /// An entry of the history that changes no state: "refund", "notification"…
  [[nodiscard]] base::Result<void> add_operation(db::Tx& tx, const Transaction& transaction, std::string_view event,
                                                 const base::Actor& actor, base::Money amount,
                                                 std::string_view detail) const;
  /// Postings of a refund that is born; see ledger.h.
  [[nodiscard]] base::Result<void> post_refund(db::Tx& tx, const Transaction& refund) const;

  [[nodiscard]] base::Result<Transaction> load_transaction(db::ReadTx& tx, base::ShopId shop, TransactionId id) const;
  [[nodiscard]] base::Result<Transaction> lock_transaction(db::Tx& tx, base::ShopId shop, TransactionId id) const;
  /// Both, the payment first: who locks two rows locks them in this order, or two of them wait for each other for ever.
  [[nodiscard]] base::Result<PaymentPart> lock_with_payment(db::Tx& tx, base::ShopId shop, TransactionId id) const;
  /// The same without waiting for it yet.
  class Locking {
   public:
    Locking(db::Asked payment, db::Asked transaction)
        : payment_(std::move(payment)), transaction_(std::move(transaction)) {}
    /// Once.
    [[nodiscard]] base::Result<PaymentPart> locked();

   private:
    db::Asked payment_;
    db::Asked transaction_;
  };
  [[nodiscard]] Locking ask_lock(db::Tx& tx, base::ShopId shop, TransactionId id) const;
  /// Those of an authentication, without a lock; `authentication` is the hex of its id.
  [[nodiscard]] Locking ask_authenticating(db::ReadTx& tx, base::ShopId shop, std::string_view authentication) const;
  /// In order of birth.
  [[nodiscard]] base::Result<std::vector<Transaction>> transactions_of(db::ReadTx& tx, base::ShopId shop,
                                                                       PaymentId id) const;
  /// Of one shop, by birth, those after the id `after` (hex).
  [[nodiscard]] base::Result<std::vector<Transaction>> transactions_after(db::ReadTx& tx, base::ShopId shop,
                                                                          std::string_view after, int limit) const;
  /// Of all shops: what the job has to look at, the oldest first.
  [[nodiscard]] base::Result<std::vector<Transaction>> due_transactions(db::ReadTx& tx, Due which, base::Time now,
                                                                        int limit) const;
  [[nodiscard]] base::Result<std::vector<Operation>> operations_of(db::ReadTx& tx, base::ShopId shop,
                                                                   TransactionId id) const;
  /// Of all transactions of the shop from `first` to `last`, transaction by transaction, each in the order it was
  /// written.
  [[nodiscard]] base::Result<std::vector<Operation>> operations_between(db::ReadTx& tx, base::ShopId shop,
                                                                        TransactionId first, TransactionId last) const;
  [[nodiscard]] base::Result<bool> has_operation(db::ReadTx& tx, base::ShopId shop, TransactionId id,
                                                 std::string_view event) const;

  /// The ledger's balance of one account of a transaction, minor units.
  [[nodiscard]] base::Result<std::int64_t> balance(db::ReadTx& tx, const Transaction& transaction,
                                                   Account account) const;
  /// What was or will be refunded of it, minor units.
  [[nodiscard]] base::Result<std::int64_t> refunded(db::ReadTx& tx, const Transaction& transaction) const;

  [[nodiscard]] const base::Clock& clock() const { return clock_; }

 private:
  [[nodiscard]] base::Result<void> write_operation(db::Tx& tx, const Operation& operation,
                                                   const std::vector<Posting>& postings) const;
  [[nodiscard]] base::Result<void> write_transaction(db::Tx& tx, const Transaction& transaction, State before,
                                                     bool ends_unknown) const;
  [[nodiscard]] Operation operation_of(const Transaction& transaction, State before, const Step& step,
                                       std::string_view event) const;

  /// Rises with each call, also within a millisecond.
  [[nodiscard]] OperationId next_operation_id() const;

  const base::Clock& clock_;
  base::Random& random_;
  mutable std::atomic<std::uint64_t> last_operation_ = 0;  // Milliseconds, then a count of 12 bits.
};

}  // namespace acquit::payments

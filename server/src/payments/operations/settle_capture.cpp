#include "payments/bank/rejected_capture.h"
#include "payments/ending/announcements.h"
#include "payments/operations/operations.h"

namespace acquit::payments {
namespace {

base::Result<void> check_doubtful(const Services& services, db::ReadTx& tx, const Transaction& transaction) {
  if (transaction.state != State::captured) {
    return base::fail(base::ErrorCode::wrong_state, "the transaction is " + std::string(to_string(transaction.state)) +
                                                        "; only what was handed over to the bank can be in doubt");
  }
  ACQUIT_TRY(const bool settled, services.store.has_operation(tx, transaction.shop, transaction.id, kAcknowledged));
  if (settled) return base::fail(base::ErrorCode::wrong_state, "the bank has acknowledged it: there is no doubt");
  ACQUIT_TRY(const bool doubtful, services.store.has_operation(tx, transaction.shop, transaction.id, kCaptureDoubtful));
  if (doubtful) return {};
  return base::fail(base::ErrorCode::wrong_state, "the bank has not denied it: it is still being asked");
}

}  // namespace

base::Task<base::Result<Transaction>> settle_capture(const Services& services, const Permit& permit,
                                                     const merchants::ShopConfig& shop, TransactionId id,
                                                     AtBank found) {
  co_return co_await services.database.write(
      Services::lane(shop.shop.id, id), [&](db::Tx& tx) -> base::Result<Transaction> {
        ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
        ACQUIT_CHECK(check_doubtful(services, tx, transaction));
        if (found == AtBank::yes) {
          ACQUIT_CHECK(services.store.add_operation(tx, transaction, kAcknowledged, permit.actor(), transaction.amount,
                                                    "the bank's list has it"));
          return transaction;
        }
        ACQUIT_CHECK(reject_capture(services, tx, transaction,
                                    {.actor = permit.actor(),
                                     .rule = merchants::Rule::back_office_operation,
                                     .why = "the bank's list does not have it"}));
        return transaction;
      });
}

}  // namespace acquit::payments

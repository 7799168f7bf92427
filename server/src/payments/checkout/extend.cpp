#include "payments/checkout/extend.h"

#include <algorithm>

namespace acquit::payments {
namespace {

// Its due time is the end of the buyer's session, in those states only.
bool waits_for_the_buyer(const Transaction& transaction) {
  if (!transaction.due.at) return false;
  return transaction.state == State::initiated || transaction.state == State::authenticating ||
         transaction.state == State::refused;
}

}  // namespace

base::Task<base::Result<Payment>> extend_payment(const Services& services, base::ShopId shop, PaymentId id) {
  const db::LaneKey payment_lane = Services::lane(shop, id);
  co_return co_await services.database.write(payment_lane, [&, shop, id](db::Tx& tx) -> base::Result<Payment> {
    ACQUIT_TRY(Payment payment, services.store.lock_payment(tx, shop, id));
    const base::Time now = services.clock.now();
    if (payment.ended_at) return base::fail(base::ErrorCode::wrong_state, "the payment has ended");
    if (payment.expires_at <= now) return base::fail(base::ErrorCode::expired, "the payment page has expired");
    const base::Time end = std::min<base::Time>(now + kSessionLife, payment.created_at + kSessionMax);
    if (end <= payment.expires_at) return payment;
    payment.expires_at = end;
    ACQUIT_CHECK(services.store.write_expiry(tx, payment));
    ACQUIT_TRY(auto transactions, services.store.transactions_of(tx, shop, id));
    for (Transaction& transaction : transactions) {
      if (!waits_for_the_buyer(transaction)) continue;
      transaction.due.at = end;
      ACQUIT_CHECK(services.store.update_transaction(tx, transaction));
    }
    return payment;
  });
}

}  // namespace acquit::payments

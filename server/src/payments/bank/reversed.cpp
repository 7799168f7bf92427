#include "payments/bank/reversed.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "payments/bank/authorise.h"
#include "payments/ending/announcements.h"

namespace acquit::payments {

base::Result<void> end_reversed(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                TransactionId id, const Reversed& how) {
  ACQUIT_TRY(PaymentPart locked, services.store.lock_with_payment(tx, shop.shop.id, id));
  Transaction& transaction = locked.transaction;
  if (transaction.state != State::authorising) return {};
  const base::Time now = services.clock.now();
  const base::Money nothing(0, transaction.amount.currency());
  transaction.unknown_since = std::nullopt;
  if (how.batch) {
    transaction.due.at = now + std::chrono::minutes(15);
    return services.store.transition(
        tx, transaction, {.event = Event::postpone, .actor = how.actor, .moved = nothing, .detail = how.detail});
  }
  transaction.due.at = std::nullopt;
  transaction.answer.response_code = "97";  // Global time-out (lyra.md §1.14).
  ACQUIT_CHECK(services.store.transition(
      tx, transaction, {.event = Event::reverse, .actor = how.actor, .moved = nothing, .detail = how.detail}));
  Payment& payment = locked.payment;
  if (payment.ended_at) return {};
  payment.expires_at = std::max(payment.expires_at, now + std::chrono::minutes(1));
  ACQUIT_CHECK(services.store.write_expiry(tx, payment));
  ACQUIT_CHECK(refuse_attempt(services, tx, shop, std::move(locked), SentBy::outbox));
  return {};
}

}  // namespace acquit::payments

#include "payments/ending/announcements.h"

#include "base/form_fields.h"
#include "payments/ending/instalments.h"

namespace acquit::payments {

std::string to_payload(merchants::Rule rule) {
  return base::to_form({{"rule", std::string(merchants::to_string(rule))}});
}

base::Result<void> announce(const Services& services, db::Tx& tx, const Transaction& transaction,
                            merchants::Rule rule) {
  ACQUIT_CHECK(services.outbox.add(tx, transaction.shop, kTopicNotification, transaction.id.hex(), to_payload(rule),
                                   services.clock.now()));
  return {};
}

base::Result<std::optional<platform::OutboxMessage>> end_payment(const Services& services, db::Tx& tx,
                                                                 const merchants::ShopConfig& shop, Payment& payment,
                                                                 const Transaction& transaction, merchants::Rule rule,
                                                                 SentBy sent_by) {
  const base::Time now = services.clock.now();
  payment.ended_at = now;
  ACQUIT_CHECK(services.store.write_end(tx, payment));
  if (transaction.state == State::refused) {
    ACQUIT_CHECK(refuse_later_instalments(services, tx, shop, payment, transaction));
  }
  if (is_success(transaction.state)) {
    if (shop.shop.buyer_ticket && !payment.buyer.email.empty()) {
      ACQUIT_CHECK(services.outbox.add(tx, payment.shop, kTopicBuyerTicket, transaction.id.hex(), {}, now));
    }
    if (!shop.shop.merchant_mail.empty()) {
      ACQUIT_CHECK(services.outbox.add(tx, payment.shop, kTopicMerchantMail, transaction.id.hex(), {}, now));
    }
  }
  if (sent_by == SentBy::outbox || !services.notify_before_return) {
    ACQUIT_CHECK(announce(services, tx, transaction, rule));
    return std::nullopt;
  }
  return services.outbox.add_leased(tx, payment.shop, kTopicNotification, transaction.id.hex(), to_payload(rule));
}

}  // namespace acquit::payments

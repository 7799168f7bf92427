#include "reporting/payment_story.h"

#include <utility>

#include "payments/ending/announcements.h"

namespace acquit::reporting {

base::Result<PaymentStory> story_of(const payments::Services& services, db::ReadTx& tx, payments::WholePayment whole) {
  const notifications::DeliveryStore deliveries;
  PaymentStory story{.payment = std::move(whole.payment), .transactions = {}};
  for (payments::Transaction& transaction : whole.transactions) {
    const base::ShopId shop = transaction.shop;
    TransactionStory one{.transaction = std::move(transaction), .operations = {}, .deliveries = {}, .waiting = {}};
    const payments::TransactionId& id = one.transaction.id;
    ACQUIT_TRY(one.operations, services.store.operations_of(tx, shop, id));
    ACQUIT_TRY(one.deliveries, deliveries.of_transaction(tx, shop, id));
    ACQUIT_TRY(one.waiting, services.outbox.waiting(tx, shop, payments::kTopicNotification, id.hex()));
    story.transactions.push_back(std::move(one));
  }
  return story;
}

}  // namespace acquit::reporting

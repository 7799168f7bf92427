#include <utility>
#include <vector>

#include "payments/bank/doubts.h"
#include "payments/bank/message_payload.h"
#include "payments/bank/reversed.h"
#include "payments/ending/announcements.h"
#include "payments/operations/operations.h"

namespace acquit::payments {
namespace {

struct Doubt {
  platform::OutboxMessage message;
  MessagePayload payload;
};

base::Result<std::vector<Doubt>> load_doubts(const Services& services, db::Tx& tx, const Transaction& transaction) {
  ACQUIT_TRY(auto waiting, services.outbox.waiting(tx, transaction.shop, kTopicReversal, transaction.id.hex()));
  std::vector<Doubt> doubts;
  for (platform::OutboxMessage& message : waiting) {
    MessagePayload payload = parse_payload(message.payload);
    if (payload.doubtful) doubts.push_back({.message = std::move(message), .payload = std::move(payload)});
  }
  if (!doubts.empty()) return doubts;
  return base::fail(base::ErrorCode::wrong_state, waiting.empty()
                                                      ? "no reversal of it is under way"
                                                      : "its reversal is not in doubt: the bank is still being asked");
}

// Under a trace of its own, since what it refused under the old one it would refuse again.
base::Result<void> ask_anew(const Services& services, db::Tx& tx, const Doubt& doubt) {
  const MessagePayload anew{.why = doubt.payload.why, .original = doubt.payload.original};
  ACQUIT_CHECK(services.outbox.add(tx, doubt.message.shop, kTopicReversal, doubt.message.subject, to_text(anew),
                                   services.clock.now()));
  return {};
}

}  // namespace

base::Task<base::Result<Transaction>> settle_reversal(const Services& services, const Permit& permit,
                                                      const merchants::ShopConfig& shop, TransactionId id,
                                                      AtBank found) {
  const db::LaneKey lane = Services::lane(shop.shop.id, id);
  co_return co_await services.database.write(lane, [&](db::Tx& tx) -> base::Result<Transaction> {
    ACQUIT_TRY(const PaymentPart locked, services.store.lock_with_payment(tx, shop.shop.id, id));
    const Transaction& transaction = locked.transaction;
    ACQUIT_TRY(const auto doubts, load_doubts(services, tx, transaction));
    const bool held = found == AtBank::yes;
    ACQUIT_CHECK(services.store.add_operation(
        tx, transaction, kReversalSettled, permit.actor(), transaction.amount,
        held ? "the bank's list still has it; it is asked anew" : "the bank's list does not have it"));
    for (const Doubt& doubt : doubts) {
      ACQUIT_CHECK(services.outbox.remove(tx, doubt.message));
      if (held) {
        ACQUIT_CHECK(ask_anew(services, tx, doubt));
      } else if (ends_unknown(doubt.payload)) {
        ACQUIT_CHECK(end_reversed(services, tx, shop, transaction.id,
                                  {.actor = permit.actor(),
                                   .batch = doubt.payload.why == kReverseBatch,
                                   .detail = "the bank's list does not have it"}));
      }
    }
    return services.store.load_transaction(tx, shop.shop.id, id);
  });
}

}  // namespace acquit::payments

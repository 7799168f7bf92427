// What the rest of the platform is told of a payment, written to the outbox in the commit that makes it true.
//
// Topics: `notification` (subject: transaction; payload: the rule), `buyer_ticket` and `merchant_mail` (subject:
// transaction), `reversal` and `advice` (subject: transaction; payload: the message's trace).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "merchants/shop.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

inline constexpr std::string_view kTopicNotification = "notification";
inline constexpr std::string_view kTopicBuyerTicket = "buyer_ticket";
inline constexpr std::string_view kTopicMerchantMail = "merchant_mail";
inline constexpr std::string_view kTopicReversal = "reversal";
inline constexpr std::string_view kTopicAdvice = "advice";

/// What a message of the topic `notification` says first: the rule under which the shop is told. "rule=…".
[[nodiscard]] std::string to_payload(merchants::Rule rule);

/// Queues the notification in the outbox.
[[nodiscard]] base::Result<void> announce(const Services& services, db::Tx& tx, const Transaction& transaction,
                                          merchants::Rule rule);
/// Who sends the notification that a payment has ended. Jobs leave it to the outbox: a shop that hangs must not hold
/// them.
enum class SentBy : std::uint8_t { caller, outbox };
/// Ends the payment and queues its notification and mails. A notification that is returned is leased to the caller, who
/// sends it before the buyer goes back to the shop; with SentBy::outbox there is none.
[[nodiscard]] base::Result<std::optional<platform::OutboxMessage>> end_payment(
    const Services& services, db::Tx& tx, const merchants::ShopConfig& shop, Payment& payment,
    const Transaction& transaction, merchants::Rule rule, SentBy sent_by = SentBy::caller);

}  // namespace acquit::payments

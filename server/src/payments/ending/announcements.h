// What the rest of the platform is told of a payment, written to the outbox in the commit that makes it true.
//
// Topics: `notification` (subject: transaction; payload: rule and source), `buyer_ticket` and `merchant_mail` (subject:
// transaction), `reversal` and `advice` (subject: transaction; payload: the message's trace).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "merchants/shop.h"
#include "payments/nouns/payment.h"
#include "payments/store/context.h"

namespace acquit::payments {

inline constexpr std::string_view kTopicNotification = "notification";
inline constexpr std::string_view kTopicBuyerTicket = "buyer_ticket";
inline constexpr std::string_view kTopicMerchantMail = "merchant_mail";
inline constexpr std::string_view kTopicReversal = "reversal";
inline constexpr std::string_view kTopicAdvice = "advice";

/// vads_url_check_src (lyra.md §1.12): where an event came from.
struct EventSource {
  merchants::Rule rule = merchants::Rule::end_of_payment;
  std::string_view source = "PAY";
};
inline constexpr EventSource kEndOfPayment{.rule = merchants::Rule::end_of_payment, .source = "PAY"};
inline constexpr EventSource kBackOffice{.rule = merchants::Rule::back_office_operation, .source = "MERCH_BO"};
inline constexpr EventSource kBatchAuthorisation{.rule = merchants::Rule::batch_authorisation, .source = "BATCH_AUTO"};
inline constexpr EventSource kBatchChange{.rule = merchants::Rule::batch_change, .source = "BATCH"};
inline constexpr EventSource kCancellation{.rule = merchants::Rule::cancellation, .source = "PAY"};

/// "rule=…&source=…" and back.
[[nodiscard]] std::string to_payload(const EventSource& event);
struct ParsedEvent {
  merchants::Rule rule = merchants::Rule::end_of_payment;
  std::string source;
};
[[nodiscard]] std::optional<ParsedEvent> parse_event(std::string_view payload);

/// Queues the notification for the dispatcher.
[[nodiscard]] base::Result<void> announce(const Context& context, db::Tx& tx, const Transaction& transaction,
                                          const EventSource& event);
/// Who sends the notification that a payment has ended. Jobs leave it to the outbox: a shop that hangs must not hold
/// them.
enum class SentBy : std::uint8_t { caller, outbox };
/// Ends the payment and queues its notification and mails. A notification that is returned is leased to the caller, who
/// sends it before the buyer goes back to the shop; with SentBy::outbox there is none.
[[nodiscard]] base::Result<std::optional<platform::OutboxMessage>> end_payment(
    const Context& context, db::Tx& tx, const merchants::ShopConfig& shop, Payment& payment,
    const Transaction& transaction, const EventSource& event, SentBy sent_by = SentBy::caller);

}  // namespace acquit::payments

// The rows of deliveries.
#pragma once

#include "db/table.h"
#include "notifications/delivery.h"

namespace acquit::notifications {

[[nodiscard]] inline Delivery empty_delivery() {
  return {.id = DeliveryId({}), .transaction = payments::TransactionId({}), .target = {}, .response = {}, .at = {}};
}
/// Mails have their own list.
[[nodiscard]] inline std::string_view channel_of(const Delivery&) { return "url"; }

inline constexpr db::Table kDeliveryTable(
    "deliveries", &empty_delivery, db::column<&Delivery::shop>("shop_id").key(),
    db::column<&Delivery::id>("delivery_id").key(), db::column<&Delivery::transaction>("transaction_id"),
    db::text_column<merchants::parse_rule, &Delivery::rule>("rule"),
    db::text_column<parse_telling, &Delivery::telling>("telling"), db::derived_column<channel_of>("channel"),
    db::column<&Delivery::attempt>("attempt"), db::column<&Delivery::target>("target"),
    db::column<&Delivery::succeeded>("succeeded"), db::column<&Delivery::http_status>("http_status"),
    db::column<&Delivery::duration>("duration_ms"), db::column<&Delivery::response>("response"),
    db::column<&Delivery::at>("at"));

}  // namespace acquit::notifications

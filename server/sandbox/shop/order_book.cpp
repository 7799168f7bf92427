#include "sandbox/shop/order_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/ascii.h"
#include "sandbox/look/page.h"
#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

constexpr std::size_t kOrdersMax = 1000;
constexpr std::size_t kNotificationsMax = 2000;
constexpr std::size_t kSessionIdBytes = 13;

constexpr std::array<std::string_view, 5> kSuccess = {"AUTHORISED", "AUTHORISED_TO_VALIDATE", "CAPTURED", "ACCEPTED",
                                                      "PARTIALLY_AUTHORISED"};
constexpr std::array<std::string_view, 7> kPending = {"INITIAL",
                                                      "WAITING_AUTHORISATION",
                                                      "WAITING_AUTHORISATION_TO_VALIDATE",
                                                      "UNDER_VERIFICATION",
                                                      "PRE_AUTHORISED",
                                                      "WAITING_FOR_PAYMENT",
                                                      "PENDING"};

// The module's own table of states; anything else is a failure.
OrderStatus status_of(const base::FormFields& fields) {
  const std::string_view status = base::field_of(fields, "vads_trans_status");
  const bool refund = base::field_of(fields, "vads_operation_type") == "CREDIT";
  if (std::ranges::find(kSuccess, status) != kSuccess.end()) return refund ? OrderStatus::refunded : OrderStatus::paid;
  if (std::ranges::find(kPending, status) != kPending.end()) return OrderStatus::pending;
  if (status == "ABANDONED" || status == "CANCELLED") return OrderStatus::cancelled;
  return OrderStatus::failed;
}

template <class T>
void keep(std::deque<T>& all, T next, std::size_t max) {
  all.push_back(std::move(next));
  if (all.size() > max) all.pop_front();
}

}  // namespace

std::string_view to_string(OrderStatus status) {
  switch (status) {
    case OrderStatus::awaiting: return "awaiting";
    case OrderStatus::paid: return "paid";
    case OrderStatus::pending: return "pending";
    case OrderStatus::failed: return "failed";
    case OrderStatus::cancelled: return "cancelled";
    case OrderStatus::refunded: return "refunded";
  }
  return "awaiting";
}

std::string_view french(OrderStatus status) {
  switch (status) {
    case OrderStatus::awaiting: return "En attente de paiement";
    case OrderStatus::paid: return "Payée";
    case OrderStatus::pending: return "Paiement en cours";
    case OrderStatus::failed: return "Paiement refusé";
    case OrderStatus::cancelled: return "Annulée";
    case OrderStatus::refunded: return "Remboursée";
  }
  return "En attente de paiement";
}

Order OrderBook::open(Checkout checkout) {
  const base::Time now = clock_.now();
  const std::string compact = compact_time(now);
  const std::lock_guard lock(mutex_);
  Order order{.id = compact.substr(2, 6) + "-" + base::ascii_upper(random_.hex(4)),
              .created = now,
              .checkout = std::move(checkout),
              .trans_id = next_trans_id(now),
              .trans_date = compact,
              .session_id = random_.hex(kSessionIdBytes),
              .status = OrderStatus::awaiting,
              .paid_by = {}};
  keep(orders_, order, kOrdersMax);
  return order;
}

// Tenths of a second since midnight as the modules do, but never the same twice.
std::string OrderBook::next_trans_id(base::Time now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::int64_t tenths = (now - day).count() / 100;
  const std::int64_t today = day.time_since_epoch().count();
  last_trans_id_ = std::exchange(last_day_, today) == today ? std::max(tenths, last_trans_id_ + 1) : tenths;
  return fmt::format("{:06}", last_trans_id_);
}

std::string OrderBook::receive(base::FormFields fields, std::string_view fault, bool ignored) {
  const bool verified = vads_verified(fields, key_);
  const std::lock_guard lock(mutex_);
  std::string answer = ignored ? "" : judge(fields, verified);
  std::string order_id(base::field_of(fields, "vads_order_id"));
  keep(notifications_,
       Notification{.received = clock_.now(),
                    .fields = std::move(fields),
                    .verified = verified,
                    .order_id = std::move(order_id),
                    .answer = answer,
                    .fault = std::string(fault)},
       kNotificationsMax);
  return answer;
}

// The texts are the module's (seed 004's screenshot shows the first). With the lock held.
std::string OrderBook::judge(const base::FormFields& fields, bool verified) {
  if (!verified) return "KO-An error occurred while computing the signature.";
  Order* const order = find_locked(base::field_of(fields, "vads_order_id"));
  if (order == nullptr) return "KO-Order not found.";
  const OrderStatus status = status_of(fields);
  const std::string_view transaction = base::field_of(fields, "vads_trans_uuid");
  const bool success = status == OrderStatus::paid || status == OrderStatus::pending;
  const bool was_paid = order->status == OrderStatus::paid || order->status == OrderStatus::refunded;
  if (was_paid && success && order->paid_by == transaction) return "OK-Accepted payment, already registered.";
  // Another attempt of an order that is paid: it stays so.
  if (was_paid && order->paid_by != transaction && status != OrderStatus::refunded) {
    return success ? "OK-Accepted payment, already registered." : "KO-Order status does not match the payment result.";
  }
  order->status = status;
  if (success) order->paid_by = transaction;
  if (success || status == OrderStatus::refunded) return "OK-Accepted payment, order has been updated.";
  return "OK-Payment failure, order has been cancelled.";
}

Order* OrderBook::find_locked(std::string_view id) {
  const auto found = std::ranges::find(orders_, id, &Order::id);
  return found == orders_.end() ? nullptr : &*found;
}

std::optional<Order> OrderBook::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(orders_, id, &Order::id);
  return found == orders_.end() ? std::nullopt : std::optional(*found);
}

std::vector<Order> OrderBook::orders() const {
  const std::lock_guard lock(mutex_);
  return {orders_.rbegin(), orders_.rend()};
}

std::vector<Notification> OrderBook::notifications() const {
  const std::lock_guard lock(mutex_);
  return {notifications_.rbegin(), notifications_.rend()};
}

}  // namespace acquit::sandbox

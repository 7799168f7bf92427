// OrderBook: the demo shop's orders and the notifications that it got; in memory, bounded, the oldest go first.
//
// An order's number is unique even across restarts; its transaction number is unique within a UTC day as long as time
// does not go back. Safe from any thread. Clock and random outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/form_fields.h"
#include "base/random.h"
#include "sandbox/shop/checkout.h"

namespace acquit::sandbox {

enum class OrderStatus : std::uint8_t { awaiting, paid, pending, failed, cancelled, refunded };

[[nodiscard]] std::string_view to_string(OrderStatus status);
/// For people.
[[nodiscard]] std::string_view french(OrderStatus status);

struct Notification {
  base::Time received{};
  base::FormFields fields;
  bool verified = false;
  std::string order_id;
  std::string answer;  ///< What the shop said, without its HTML.
  std::string fault;   ///< The ordered fault that it met, if any.
};

struct Order {
  std::string id;
  base::Time created{};
  Checkout checkout;
  std::string trans_id;
  std::string trans_date;
  std::string session_id;
  OrderStatus status = OrderStatus::awaiting;
  std::string paid_by;  ///< The vads_trans_uuid that paid it.
};

class OrderBook {
 public:
  OrderBook(const base::Clock& clock, base::Random& random, std::string key)
      : clock_(clock), random_(random), key_(std::move(key)) {}

  /// Gives the order its numbers.
  Order open(Checkout checkout);
  /// Judges a notification as the module does, changes its order accordingly, keeps it, and gives the shop's answer.
  /// `fault` is only noted; with `ignored` the order stays as it is.
  std::string receive(base::FormFields fields, std::string_view fault, bool ignored);

  [[nodiscard]] std::optional<Order> find(std::string_view id) const;
  /// Newest first.
  [[nodiscard]] std::vector<Order> orders() const;
  [[nodiscard]] std::vector<Notification> notifications() const;
  [[nodiscard]] std::string_view key() const { return key_; }

 private:
  std::string next_trans_id(base::Time now);
  std::string judge(const base::FormFields& fields, bool verified);
  Order* find_locked(std::string_view id);

  const base::Clock& clock_;
  base::Random& random_;
  const std::string key_;
  mutable std::mutex mutex_;
  std::deque<Order> orders_;
  std::deque<Notification> notifications_;
  std::int64_t last_day_ = 0;
  std::int64_t last_trans_id_ = -1;
};

}  // namespace acquit::sandbox

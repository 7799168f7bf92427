// The demo shop's pages, in French, with a look of their own; no script is needed. Pure functions from values to HTML.
//
// Every value that came from outside is escaped. Safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/form_fields.h"
#include "http/message.h"
#include "sandbox/shop/order_book.h"

namespace acquit::sandbox {

/// The shop's front page with prices in `currency`.
[[nodiscard]] http::Response front_page(base::Currency currency);
/// Posts `fields` to `action`, at once or by its button where scripts don't run.
[[nodiscard]] http::Response redirect_page(const Order& order, std::string_view action, const base::FormFields& fields);
/// What is wrong with the basket, or with the shop.
[[nodiscard]] http::Response trouble_page(int status, std::string_view title, std::string_view text);

/// What the buyer who comes back sees.
struct Return {
  std::optional<Order> order;
  bool has_fields = false;
  bool verified = false;
  bool notified = false;   ///< A verified notification for that order came before.
  bool cancelled = false;  ///< The fields say that the buyer left.
  bool accepted = false;   ///< The fields say so.
};
[[nodiscard]] http::Response return_page(const Return& facts);

/// For the integrator, in the sandbox's look: orders with the notifications that they got.
[[nodiscard]] http::Response orders_page(const std::vector<Order>& orders,
                                         const std::vector<Notification>& notifications);
/// An array, newest first.
[[nodiscard]] std::string to_json(const std::vector<Notification>& notifications);

}  // namespace acquit::sandbox

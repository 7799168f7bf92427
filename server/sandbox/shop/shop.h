// Shop: the demo shop on the sandbox's server: pages under /shop, the signed form, the notification, the return.
//
// It plays a shop with the unmodified module of the Lyra family: what it sends, checks and answers is what that does.
// Under a fault a notification is kept and obeyed all the same, `refuse` excepted: silent (never answered), slow,
// garbage, disconnect, duplicate (handled twice). Everything it is given outlives it, and it outlives the router's
// server. Safe from any thread.
#pragma once

#include <string>

#include "base/bell.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/task.h"
#include "http/router.h"
#include "sandbox/acquirer/faults.h"
#include "sandbox/shop/order_book.h"
#include "sandbox/shop/server_address.h"

namespace acquit::sandbox {

struct ShopOptions {
  std::string shop_id = "69876357";      ///< The public demo shop (lyra.md §0).
  std::string key = "1122334455667788";  ///< Its form test key.
  base::Milliseconds silence{65'000};    ///< Longer than any caller waits.
  base::Milliseconds slowness{5'000};
};

class Shop {
 public:
  Shop(ShopOptions options, const base::Clock& clock, base::Executor& executor, base::Random& random,
       const ServerAddress& server, Faults& faults);

  void add_routes(http::Router& router);
  /// Ends the waits of ordered faults; no request may come afterwards.
  void stop() { stop_bell_.stop(); }

 private:
  http::Response checkout(const http::Request& request);
  base::Task<http::Response> notification(http::Request request);
  [[nodiscard]] http::Response come_back(const http::Request& request) const;

  const ShopOptions options_;
  const ServerAddress& server_;
  Faults& faults_;
  OrderBook book_;
  base::Bell stop_bell_;
};

}  // namespace acquit::sandbox

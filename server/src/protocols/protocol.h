// Protocol: what one protocol of shops brings along: its doors, how a payment that came by it is shown, how the shop is
// told of it, and how the buyer is sent back. One object for the whole process, without a state of its own; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "http/router.h"
#include "notifications/formatter.h"
#include "notifications/notifier.h"
#include "pages/answers.h"
#include "pages/views.h"
#include "payments/checkout/card_refusals.h"
#include "payments/store/services.h"

namespace acquit::protocols {

/// How the shop wants the page for one payment.
struct PageSettings {
  std::string shop_name;
  std::string shop_url;
  std::vector<std::string> languages;  ///< Of the selector; one only: no selector; empty: all.
  bool framed = false;                 ///< Runs inside a frame of the shop.
  bool simplified = false;             ///< No header or footer of ours.
};

/// What the doors of a protocol work with; it outlives the router that holds them.
struct Surroundings {
  const payments::Services& services;
  payments::RefusalBook& refusals;
  base::Executor& executor;
  const notifications::Notifier& notifier;
  const pages::Answers& answers;
};

class Protocol : public notifications::Formatter {
 public:
  /// What a payment that came by it is marked with ("vads"); never another one, since payments are kept for years.
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// Where shops and their buyers knock: makes payments and sends the buyer to /pay/{token}.
  virtual void add_routes(http::Router& router, const Surroundings& surroundings) const = 0;
  /// Those that add_routes() adds.
  [[nodiscard]] virtual std::vector<http::ListedRoute> routes() const = 0;
  [[nodiscard]] virtual PageSettings page_settings(const notifications::Subject& subject) const = 0;
  [[nodiscard]] virtual pages::ReturnForm return_form(const notifications::Subject& subject) const = 0;
};

}  // namespace acquit::protocols

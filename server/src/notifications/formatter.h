// Formatter: how a shop's own protocol words a notification and reads the shop's wishes. Implemented by protocols/.
//
// Notifications knows when and where to call; what is said belongs to the protocol that the payment came by.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "merchants/shop.h"
#include "payments/payment.h"

namespace acquit::notifications {

/// One event of a transaction, with all that a message about it may say.
struct Subject {
  std::shared_ptr<const merchants::ShopConfig> shop;
  payments::Payment payment;
  payments::Transaction transaction;
};

class Formatter {
 public:
  virtual ~Formatter() = default;
  /// The body of the URL call, signed. `source`: PAY, BO, BATCH, BATCH_AUTO, MERCH_BO, REC, RETRY (lyra.md §1.12).
  [[nodiscard]] virtual std::string notification_body(const Subject& subject, std::string_view source) const = 0;
  [[nodiscard]] virtual std::string_view notification_content_type() const = 0;
  /// Name and address of the shop as this payment shows them.
  [[nodiscard]] virtual std::string shop_name(const Subject& subject) const = 0;
  [[nodiscard]] virtual std::string shop_url(const Subject& subject) const = 0;
};

/// The formatter of a protocol by its name ("vads"); null if there is none.
using Formatters = std::function<const Formatter*(std::string_view protocol)>;

}  // namespace acquit::notifications

// Formatter: how a shop's own protocol words a notification and reads the shop's wishes. Implemented by protocols/.
//
// Notifications knows when and where to call; what is said, how it is signed and what counts as heard belong to the
// protocol that the payment came by.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "merchants/shop.h"
#include "notifications/call.h"
#include "payments/nouns/payment.h"

namespace acquit::notifications {

/// One event of a transaction, with all that a message about it may say.
struct Subject : payments::PaymentPart {
  std::shared_ptr<const merchants::ShopConfig> shop;
};

/// Why a shop is called at this moment.
enum class Telling : std::uint8_t {
  first,    ///< The event happened.
  again,    ///< The first call failed.
  by_hand,  ///< Somebody wants it called once more.
};
[[nodiscard]] std::string_view to_string(Telling telling);
[[nodiscard]] std::optional<Telling> parse_telling(std::string_view text);

/// One attempt at a notification. It tells the facts of its own moment: they may have changed since the first attempt.
struct Occasion {
  const Subject& subject;
  merchants::Rule rule = merchants::Rule::end_of_payment;
  Telling telling = Telling::first;
  std::string url{};  ///< Where the shop wants to be called.
  std::string id{};   ///< The same at every attempt at one message; a call by hand is a message of its own.
  base::Time at{};    ///< The time of this attempt.
};

class Formatter {
 public:
  virtual ~Formatter() = default;
  /// Asked anew for every attempt. An error is ours, not the shop's (a key that is missing): nothing is called, the
  /// message waits.
  [[nodiscard]] virtual base::Result<Call> call(const Occasion& occasion) const = 0;
  /// Name and address of the shop as this payment shows them.
  [[nodiscard]] virtual std::string shop_name(const Subject& subject) const = 0;
  [[nodiscard]] virtual std::string shop_url(const Subject& subject) const = 0;
};

/// The formatter of a protocol by its name ("vads"); null if there is none.
using Formatters = std::function<const Formatter*(std::string_view protocol)>;

}  // namespace acquit::notifications

// create_payment: what every protocol's request ends in. Checks it, writes payment and first transaction, durably.
//
// The same request sent again finds the payment it made (a reload, a second tab, the way back), also when that has
// ended; another request under the same transaction id is refused.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

struct NewPayment {
  std::optional<PaymentId> id{};  ///< Chosen by a caller who must know it even where the outcome of the write is lost.
  merchants::Mode mode = merchants::Mode::test;
  std::string protocol;
  Source source = Source::ecommerce;
  std::string key;  ///< See Payment::key.
  std::string reference;
  base::Money amount;
  Plan plan{};
  std::string language;
  int capture_delay_days = 0;
  bool manual_validation = false;
  ChallengePreference challenge_preference = ChallengePreference::none;
  Means means{};
  Buyer buyer{};
  std::string protocol_fields;
  std::string request_hash;
  std::string notification_url;
  int attempts_max = 3;
};

/// Checks without I/O and makes the nouns. Errors: shop_closed; field_value or no_contract with field amount, currency,
/// payment_cards or payment_config.
[[nodiscard]] base::Result<Payment> check_new_payment(const Services& services, const merchants::ShopConfig& shop,
                                                      const NewPayment& request);
/// The first transaction of a payment, without a card.
[[nodiscard]] Transaction first_transaction(const Services& services, const merchants::ShopConfig& shop,
                                            const Payment& payment);
/// When the first transaction of `payment` is captured if it is paid under `contract` at `now`.
[[nodiscard]] base::Time first_capture(const merchants::ShopConfig& shop, const Payment& payment,
                                       const merchants::Contract& contract, base::Time now);
/// Methods offered to the buyer, by rank: allowed by the request, with a contract in the currency that takes the
/// amount.
[[nodiscard]] std::vector<std::string> offered_methods(const merchants::ShopConfig& shop, const Payment& payment);

/// The first contract for `method` that takes the payment's amount and that the request leaves; null if none.
[[nodiscard]] const merchants::Contract* contract_for(const merchants::ShopConfig& shop, const Payment& payment,
                                                      std::string_view method);

/// How a request is known again when it comes once more.
struct RequestName {
  std::string protocol;
  std::string key;
  std::string request_hash;
};
/// The payment that the same request made before, however it stands now; nothing if there is none, or if the number was
/// used for another request.
[[nodiscard]] base::Task<base::Result<std::optional<Payment>>> find_earlier(const Services& services, base::ShopId shop,
                                                                            RequestName name);

/// Errors besides those of check_new_payment: exists_with_other_content (field key), those of a write.
[[nodiscard]] base::Task<base::Result<Payment>> create_payment(const Services& services,
                                                               const merchants::ShopConfig& shop, NewPayment request);

}  // namespace acquit::payments

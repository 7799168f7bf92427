// The token in a pay page's address: names shop and payment, and proves that the platform made it. Unguessable; useless
// once the payment has expired, since the payment itself says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "payments/nouns/payment.h"
#include "payments/nouns/permit.h"
#include "platform/vault/vault.h"

namespace acquit::payments {

struct PaymentName {
  base::ShopId shop{0};
  PaymentId payment;
};
/// 54 characters of base64url: 8 bytes shop, 16 bytes payment, 16 bytes MAC.
[[nodiscard]] std::string make_payment_token(const platform::Vault& vault, const PaymentName& name);

/// Whoever has the address of a payment's page: its buyer. Only read_payment_token() makes one.
class PaymentHolder : public Permit {
 public:
  operator const PaymentName&() const { return name_; }
  [[nodiscard]] const PaymentName& name() const { return name_; }

 private:
  friend std::optional<PaymentHolder> read_payment_token(const platform::Vault& vault, std::string_view token);
  explicit PaymentHolder(const PaymentName& name) : Permit(base::Actor::buyer()), name_(name) {}

  PaymentName name_;
};
/// Nothing if the token was not made here.
[[nodiscard]] std::optional<PaymentHolder> read_payment_token(const platform::Vault& vault, std::string_view token);

}  // namespace acquit::payments

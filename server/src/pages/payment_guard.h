// PaymentGuard: lets in who has the address of a payment, /pay/{token}, and tells the handler which payment it is.
//
// Borrows vault and answers; safe from any thread.
#pragma once

#include "http/guard.h"
#include "pages/answers.h"
#include "payments/checkout/payment_token.h"
#include "platform/vault/vault.h"

namespace acquit::pages {

class PaymentGuard {
 public:
  using Proof = payments::PaymentHolder;
  static constexpr http::Access kAccess = http::Access::payment_token;

  PaymentGuard(const platform::Vault& vault, const Answers& answers) : vault_(&vault), answers_(&answers) {}
  /// By the path's {token}.
  [[nodiscard]] base::Task<http::Admission<Proof>> admit(const http::Request& request) const;

 private:
  const platform::Vault* vault_;
  const Answers* answers_;
};

}  // namespace acquit::pages

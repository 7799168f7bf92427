// CardPage: the card form as a buyer gets it back: what he had typed, what was wrong with it.
//
// It lies between the post of a card and the page that the browser is then sent to, so it travels in that page's
// address: sealed, bound to the payment, and short. It has no place for a card number or a security code.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pages/views.h"
#include "payments/nouns/payment.h"
#include "platform/vault/vault.h"

namespace acquit::web {

struct CardPage {
  std::string brand;  ///< The one that he chose; empty: none.
  std::vector<pages::CardError> errors;
  std::string expiry;
  std::string holder;
  std::optional<pages::Refusal> refusal;
};

/// For an address; at most some 1,200 characters. A name that is too long is left out.
[[nodiscard]] std::string seal_card_page(const platform::Vault& vault, const payments::PaymentId& payment,
                                         const CardPage& page);
/// Nothing if it was not sealed here, or for another payment.
[[nodiscard]] std::optional<CardPage> open_card_page(const platform::Vault& vault, const payments::PaymentId& payment,
                                                     std::string_view sealed);

}  // namespace acquit::web

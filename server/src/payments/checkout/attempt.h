// begin_attempt: the buyer presents a card. Checks that the payment may be tried, risk, contract and number of tries,
// vaults the card and commits the intent, before anybody outside hears of it.
//
// One payment has one live attempt: a second tab, a double click or the back button find the first one's state.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "payments/checkout/create_payment.h"
#include "payments/ending/step_result.h"
#include "payments/nouns/card.h"
#include "payments/nouns/payment.h"
#include "payments/nouns/permit.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// What comes first: the cardholder's bank asks who it is, or the acquirer is asked for the money.
enum class FirstStep : std::uint8_t { authenticate, authorise };

struct AttemptRequest {
  /// What the caller knows of the payment from elsewhere, the buyer's form for one, without having read it.
  struct Expected {
    merchants::Mode mode = merchants::Mode::test;
    bool online = true;  ///< See is_online().
  };
  CardEntry card;
  FirstStep first = FirstStep::authorise;
  AuthenticationResult authentication;  ///< Made by the merchant, or that there can be none; empty otherwise.
  std::optional<Expected> expected{};   ///< If it is not so: wrong_state.
  /// What else belongs into the commit of a card that is not refused at once; may run twice.
  std::function<base::Result<void>(db::Tx&, const StepResult&)> also{};
};

/// Which contract and brand `card` would be paid under. Errors: card_invalid (field card_number; payment error 110,
/// 142).
[[nodiscard]] base::Result<const merchants::Contract*> choose_contract(const merchants::ShopConfig& shop,
                                                                       const Payment& payment, const CardEntry& card);

/// The transaction's state says what happened: authenticating, authorising, or refused by a risk rule. Errors:
/// not_found, expired, wrong_state (ended or being tried; says which), too_many_attempts, card_invalid,
/// unsendable.
[[nodiscard]] base::Task<base::Result<StepResult>> begin_attempt(const Services& services, const Permit& permit,
                                                                 const merchants::ShopConfig& shop, PaymentId payment,
                                                                 const AttemptRequest& request);

/// Payment and attempt in one commit, for protocols that send the card with the request (SILENT). The same request
/// again tries the payment that it made, where no try of it ever left us. Errors: those of begin_attempt, replayed,
/// exists_with_other_content.
[[nodiscard]] base::Task<base::Result<StepResult>> create_and_begin(const Services& services, const Permit& permit,
                                                                    const merchants::ShopConfig& shop,
                                                                    const NewPayment& payment,
                                                                    const AttemptRequest& request);

}  // namespace acquit::payments

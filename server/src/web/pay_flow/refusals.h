// What a refusal is called on the buyer's page: from the acquirer's code and our own reasons. One table.
#pragma once

#include "pages/views.h"
#include "payments/checkout/card_tries.h"
#include "payments/nouns/payment.h"

namespace acquit::web {

[[nodiscard]] pages::RefusalReason refusal_reason(const payments::Transaction& transaction);
/// A try that was not made because too many were refused before.
[[nodiscard]] pages::Refusal held_back(const payments::TooManyTries& many);
/// How a problem with a typed card is shown; nothing for errors of no field.
[[nodiscard]] std::optional<pages::CardError> card_error(const base::Error& error);

}  // namespace acquit::web

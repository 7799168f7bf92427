// `acquit history`: what happened to a transaction, or to all of a payment, and how its calls went, as text.
#pragma once

#include <string>

#include "app/desk.h"
#include "app/payment_options.h"
#include "base/result.h"
#include "notifications/delivery.h"

namespace acquit::app {

[[nodiscard]] base::Result<std::string> history(Desk& desk, const PaymentOptions& options);
/// The same of what was found already. Errors: those of a read.
[[nodiscard]] base::Result<std::string> story_of(Desk& desk, const payments::WholePayment& whole);
/// One call in one line: time, rule, source, attempt, outcome with the HTTP status, duration, URL, start of the answer.
[[nodiscard]] std::string delivery_line(const notifications::Delivery& delivery);

}  // namespace acquit::app

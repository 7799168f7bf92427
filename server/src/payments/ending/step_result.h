// StepResult: what a step of a payment came to, as committed. Every use case that moves a buyer forward returns one.
#pragma once

#include <optional>

#include "connectors/acquirer.h"
#include "payments/nouns/payment.h"
#include "platform/outbox/outbox.h"

namespace acquit::payments {

struct StepResult : PaymentPart {
  /// The payment ended here: to be sent before the buyer goes back.
  std::optional<platform::OutboxMessage> notification{};
  /// A soft decline: the transaction is authenticating again, now with a challenge.
  bool step_up = false;
  /// Nothing was sent: the transaction is initiated again. Callers get the error instead.
  bool withdrawn = false;
  /// What the connector said, `unavailable` where it said nothing; nothing if the acquirer was not asked.
  std::optional<connectors::Verdict> verdict{};
};

}  // namespace acquit::payments

// authorise: asks the acquirer for the money, between two commits: the intent before, the outcome after.
//
// No answer is not a refusal: the transaction stays authorising, a reversal is queued, and only once the acquirer has
// acknowledged it is the attempt over. Nothing is asked twice.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "base/task.h"
#include "payments/ending/announcements.h"
#include "payments/ending/step_result.h"
#include "payments/nouns/card.h"
#include "payments/nouns/payment.h"
#include "payments/nouns/permit.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// How the acquirer is told that the card was entered; `later`: without the buyer, by a job.
[[nodiscard]] connectors::Entry entry_of(Source source, bool later);

/// What a transaction holds when the acquirer is about to be asked: trace, and the time at which the resolver steps in.
void prepare_intent(const Services& services, const merchants::ShopConfig& shop, Transaction& transaction,
                    const connectors::Trace& trace);
/// Commits the intent: prepare_intent and the step to authorising.
[[nodiscard]] base::Result<void> record_intent(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                               Transaction& transaction, const connectors::Trace& trace);

/// A refused attempt: the payment ends if no try is left, else the page may be tried again.
[[nodiscard]] base::Result<StepResult> refuse_attempt(const Services& services, db::Tx& tx,
                                                      const merchants::ShopConfig& shop, PaymentPart part,
                                                      SentBy sent_by = SentBy::caller);

/// Asks the acquirer for a transaction that is authorising, and records what it says. `can_authenticate`: a soft
/// decline may lead to a challenge. Errors: line_busy and unsendable if nothing was sent and the try was given back, as
/// committed; and those of the second write, after which the resolver finds the transaction.
[[nodiscard]] base::Task<base::Result<StepResult>> authorise(const Services& services,
                                                             const merchants::ShopConfig& shop, StepResult attempt,
                                                             const CardEntry& card, bool can_authenticate);

/// A card that was authenticated, or could not be.
struct Authenticated {
  TransactionId transaction;
  CardEntry card;
  AuthenticationResult result;
  bool can_authenticate = false;  ///< As for authorise.
  /// What else belongs into the commit of the intent; may run twice.
  std::function<base::Result<void>(db::Tx&)> also{};
};
/// Commits the intent, then as authorise. Errors: wrong_state if it is authenticating no longer, and those of `also`.
[[nodiscard]] base::Task<base::Result<StepResult>> authorise_authenticated(const Services& services,
                                                                           const merchants::ShopConfig& shop,
                                                                           const Authenticated& asked);

/// The authorisation of a waiting transaction near its day; called by the job.
[[nodiscard]] base::Task<base::Result<void>> authorise_waiting(const Services& services, const Permit& permit,
                                                               const merchants::ShopConfig& shop, TransactionId id);

}  // namespace acquit::payments

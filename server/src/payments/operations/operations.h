// What a merchant does with a transaction afterwards: validate, cancel, refund, modify, settle. Each in one commit.
//
// Every one writes state, operation, postings and the notification together, and tells the acquirer through the outbox.
// `id` names the transaction, the permit who does it. Errors of all: not_found, wrong_state (says which state it is
// in).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "payments/nouns/payment.h"
#include "payments/nouns/permit.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// The merchant agrees to the capture, of `amount` if it is given: then the history has a modification first, in the
/// same commit. Errors of the amount: those of modify.
[[nodiscard]] base::Task<base::Result<Transaction>> validate(const Services& services, const Permit& permit,
                                                             const merchants::ShopConfig& shop, TransactionId id,
                                                             std::optional<base::Money> amount = std::nullopt);

/// Takes back what was not handed to the bank yet; an authorisation is reversed at the acquirer. Of less than the whole
/// (`part`), the rest stays to be captured: a modification. Errors of the part: those of modify.
[[nodiscard]] base::Task<base::Result<Transaction>> cancel(const Services& services, const Permit& permit,
                                                           const merchants::ShopConfig& shop, TransactionId id,
                                                           std::optional<base::Money> part = std::nullopt);

/// Gives `amount` back: a credit transaction whose parent is the captured debit. Several are possible, never more than
/// was captured, however many come at once. Errors: amount_exceeds_captured, currency_mismatch, field_value (amount).
[[nodiscard]] base::Task<base::Result<Transaction>> refund(const Services& services, const Permit& permit,
                                                           const merchants::ShopConfig& shop, TransactionId id,
                                                           base::Money amount);

/// Whether the bank's list has what was handed over to it.
enum class AtBank : std::uint8_t { no, yes };
/// Ends the doubt about a capture or refund which the bank never acknowledged and may have (`capture_doubtful`): it is
/// acknowledged, or becomes `capture_failed` with all that follows. Errors: wrong_state where there is no such doubt.
[[nodiscard]] base::Task<base::Result<Transaction>> settle_capture(const Services& services, const Permit& permit,
                                                                   const merchants::ShopConfig& shop, TransactionId id,
                                                                   AtBank found);

/// Ends the doubt about a reversal (`reversal_doubtful`). If the bank's list does not have it, nothing is held any
/// more: an attempt whose outcome was unknown ends, as if the bank had acknowledged. If the list still has it, the bank
/// is asked anew, by a message of its own. Errors: wrong_state where there is no such doubt.
[[nodiscard]] base::Task<base::Result<Transaction>> settle_reversal(const Services& services, const Permit& permit,
                                                                    const merchants::ShopConfig& shop, TransactionId id,
                                                                    AtBank found);

struct Modification {
  std::optional<base::Money> amount;     ///< Only lower than it is.
  std::optional<base::Time> capture_at;  ///< Not in the past, within the life of the authorisation.
};
/// Errors: amount_exceeds_authorised, field_value (amount, capture_date).
[[nodiscard]] base::Task<base::Result<Transaction>> modify(const Services& services, const Permit& permit,
                                                           const merchants::ShopConfig& shop, TransactionId id,
                                                           Modification change);

}  // namespace acquit::payments

// The rows of payments, transactions and operations.
#pragma once

#include "db/table.h"
#include "payments/nouns/payment.h"
#include "payments/store/payment_search.h"

namespace acquit::payments {

namespace rows {

inline base::Money no_money() { return base::Money::zero(*base::Currency::from_code("EUR")); }
[[nodiscard]] inline Payment payment() {
  return {.id = PaymentId({}),
          .protocol = {},
          .key = {},
          .reference = {},
          .amount = no_money(),
          .language = {},
          .protocol_fields = {},
          .request_hash = {},
          .notification_url = {},
          .created_at = {},
          .expires_at = {},
          .ended_at = {}};
}
[[nodiscard]] inline Transaction transaction() {
  return {.id = TransactionId({}), .payment = PaymentId({}), .amount = no_money()};
}
[[nodiscard]] inline Operation operation() {
  return {.transaction = TransactionId({}),
          .id = OperationId({}),
          .at = {},
          .actor = base::Actor::job(),
          .event = {},
          .amount = no_money(),
          .detail = {}};
}
[[nodiscard]] inline std::string key_of_email(const Payment& payment) { return email_key(payment.buyer.email); }

}  // namespace rows

inline constexpr db::Table kPaymentTable(
    "payments", &rows::payment, db::column<&Payment::shop>("shop_id").key(),
    db::column<&Payment::id>("payment_id").key(), db::text_column<merchants::parse_mode, &Payment::mode>("mode"),
    db::column<&Payment::protocol>("protocol"), db::text_column<parse_source, &Payment::source>("source"),
    db::null_if_empty_column<&Payment::key>("protocol_key"), db::column<&Payment::reference>("reference"),
    db::column<&Payment::amount>("amount, currency"), db::text_column<&Plan::parse, &Payment::plan>("plan"),
    db::column<&Payment::language>("language"), db::column<&Payment::capture_delay_days>("capture_delay_days"),
    db::column<&Payment::manual_validation>("manual_validation"),
    db::text_column<parse_challenge_preference, &Payment::challenge_preference>("challenge_preference"),
    db::column<&Payment::means, &Means::methods>("methods"),
    db::column<&Payment::means, &Means::contracts>("contracts"),
    db::column<&Payment::buyer, &Buyer::email>("buyer_email"),
    db::column<&Payment::buyer, &Buyer::first_name>("buyer_first_name"),
    db::column<&Payment::buyer, &Buyer::last_name>("buyer_last_name"),
    db::column<&Payment::buyer, &Buyer::phone>("buyer_phone"),
    db::column<&Payment::buyer, &Buyer::cell_phone>("buyer_cell_phone"),
    db::column<&Payment::buyer, &Buyer::address>("buyer_address"),
    db::column<&Payment::buyer, &Buyer::zip>("buyer_zip"), db::column<&Payment::buyer, &Buyer::city>("buyer_city"),
    db::column<&Payment::buyer, &Buyer::country>("buyer_country"),
    db::column<&Payment::buyer, &Buyer::reference>("buyer_reference"),
    db::column<&Payment::buyer, &Buyer::shipping_address>("buyer_shipping_address"),
    db::column<&Payment::buyer, &Buyer::shipping_address_2>("buyer_shipping_address_2"),
    db::column<&Payment::buyer, &Buyer::shipping_zip>("buyer_shipping_zip"),
    db::column<&Payment::buyer, &Buyer::shipping_city>("buyer_shipping_city"),
    db::column<&Payment::buyer, &Buyer::shipping_country>("buyer_shipping_country"),
    db::column<&Payment::buyer, &Buyer::address_country>("buyer_address_country"),
    db::derived_column<rows::key_of_email>("email_key"), db::column<&Payment::protocol_fields>("protocol_fields"),
    db::column<&Payment::request_hash>("request_hash"), db::column<&Payment::notification_url>("notification_url"),
    db::column<&Payment::attempts>("attempts"), db::column<&Payment::attempts_max>("attempts_max"),
    db::column<&Payment::created_at>("created_at"), db::column<&Payment::expires_at>("expires_at"),
    db::column<&Payment::ended_at>("ended_at"));

/// What changes is written by every step of a transaction.
inline constexpr db::Table kTransactionTable(
    "transactions", &rows::transaction, db::column<&Transaction::shop>("shop_id").key(),
    db::column<&Transaction::id>("transaction_id").key(), db::column<&Transaction::payment>("payment_id"),
    db::column<&Transaction::parent>("parent_id"), db::text_column<parse_kind, &Transaction::kind>("kind"),
    db::text_column<parse_state, &Transaction::state>("state").changing(),
    db::column<&Transaction::sequence>("sequence"), db::column<&Transaction::attempt>("attempt"),
    db::column<&Transaction::amount>("amount, currency").changing(),
    db::column<&Transaction::contract_id>("contract_id").changing(),
    db::column<&Transaction::method>("method").changing(),
    db::column<&Transaction::card, &CardUsed::id>("card_id").changing(),
    db::column<&Transaction::card, &CardUsed::masked>("card_masked").changing(),
    db::column<&Transaction::card, &CardUsed::expiry_year>("expiry_year").changing(),
    db::column<&Transaction::card, &CardUsed::expiry_month>("expiry_month").changing(),
    db::column<&Transaction::card, &CardUsed::holder>("card_holder").changing(),
    db::column<&Transaction::card, &CardUsed::brand_chosen>("brand_chosen").changing(),
    db::text_column<parse_card_facts, &Transaction::card, &CardUsed::facts>("card_facts").changing(),
    db::column<&Transaction::capture, &Capture::at>("capture_at").changing(),
    db::column<&Transaction::capture, &Capture::manual_validation>("manual_validation"),
    db::column<&Transaction::capture, &Capture::validated_at>("validated_at").changing(),
    db::column<&Transaction::due, &DueTimes::at>("due_at").changing(),
    db::column<&Transaction::due, &DueTimes::authorise_at>("authorise_at").changing(),
    db::column<&Transaction::reference>("reference").changing(),
    db::column<&Transaction::trace, &connectors::Trace::stan>("stan").changing(),
    db::column<&Transaction::trace, &connectors::Trace::sent_at>("sent_at").changing(),
    db::column<&Transaction::verification>("verification").changing(),
    db::column<&Transaction::answer, &BankAnswer::at>("answered_at").changing(),
    db::column<&Transaction::answer, &BankAnswer::response_code>("response_code").changing(),
    db::column<&Transaction::answer, &BankAnswer::authorisation_code>("authorisation_code").changing(),
    db::column<&Transaction::unknown_since>("unknown_since").changing(),
    db::text_column<parse_cause, &Transaction::cause>("cause").changing(),
    db::text_column<parse_authentication_result, &Transaction::authentication>("authentication").changing(),
    db::column<&Transaction::created_at>("created_at"));

inline constexpr db::Table kOperationTable(
    "operations", &rows::operation, db::column<&Operation::shop>("shop_id").key(),
    db::column<&Operation::transaction>("transaction_id").key(), db::column<&Operation::id>("operation_id").key(),
    db::column<&Operation::at>("at"), db::text_column<&base::Actor::parse, &Operation::actor>("actor"),
    db::column<&Operation::event>("event"), db::text_column<parse_state, &Operation::before>("state_before"),
    db::text_column<parse_state, &Operation::after>("state_after"), db::column<&Operation::amount>("amount, currency"),
    db::column<&Operation::detail>("detail"));

}  // namespace acquit::payments

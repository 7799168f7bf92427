// Payments in every state and the form that they came by, for the tests of the answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "notifications/formatter.h"
#include "protocols/vads/sample_form.h"

namespace acquit::vads::testing {

using payments::State;

// Everything that a form may want back unchanged.
inline const base::FormFields& sent_fields() {
  static const auto kFields = [] {
    base::FormFields fields = good_fields();
    for (const auto& [name, value] : base::FormFields{{"vads_order_id", "CMD-26"},
                                                      {"vads_order_info", "Élodie & Fils + \"O'Brien\" = 50%; "},
                                                      {"vads_order_info2", "  blanks  "},
                                                      {"vads_order_info3", ""},
                                                      {"vads_ext_info_emoji", "😀 ligne 1\r\nligne 2"},
                                                      {"vads_unheard_of", "a<b>c"},
                                                      {"vads_cust_email", "jeanne@shop.example"},
                                                      {"vads_url_return", "https://shop.example/return?a=1&b=2"}}) {
      set(fields, name, value);
    }
    return fields;
  }();
  return kFields;
}

inline notifications::Subject subject(State state) {
  const base::ManualClock clock;
  base::SeededRandom random(5);
  payments::Payment payment{.shop = kShop,
                            .id = payments::PaymentId::make(clock, random),
                            .protocol = std::string(kProtocol),
                            .key = "123456/2023-11-14",
                            .reference = "CMD-26",
                            .amount = {5124, *base::Currency::from_code("EUR")},
                            .language = "fr",
                            .buyer = {},
                            .protocol_fields = base::to_form(sent_fields()),
                            .request_hash = {},
                            .notification_url = {},
                            .created_at = clock.now(),
                            .expires_at = clock.now() + std::chrono::minutes(10),
                            .ended_at = {}};
  payment.buyer.address_country = "FR";
  payments::Transaction transaction{
      .shop = kShop,
      .id = payments::TransactionId::make(clock, random),
      .payment = payment.id,
      .state = state,
      .amount = payment.amount,
      .contract_id = 1,
      .method = "CB",
      .card = {.masked = "497010XXXXXX0014",
               .expiry_year = 2027,
               .expiry_month = 6,
               .holder = "Jeanne Martin",
               .facts = {.country = "FR",
                         .product = "F",
                         .nature = "D",
                         .category = "CONSUMER",
                         .bank_code = "17807",
                         .bank_label = "Banque de démonstration"}},
      .capture = {.at = clock.now() + std::chrono::minutes(5)},
      .reference = "000000000001",
      .answer = {.at = clock.now(), .response_code = "00", .authorisation_code = "3fe1a2"},
      .authentication = {.enrolled = "Y",
                         .status = "Y",
                         .status_reason = {},
                         .type = "CHALLENGE",
                         .eci = "05",
                         .cavv = "Q2F2Q2F2Q2F2Q2F2Q2F2Q2F2Q2F2",
                         .ds_transaction_id = "5f3f1f2e-0000-4000-8000-000000000001",
                         .acs_transaction_id = {},
                         .server_transaction_id = {},
                         .version = "2.2.0",
                         .liability_shift = true,
                         .error = {}},
      .created_at = clock.now()};
  return {{std::move(payment), std::move(transaction)}, std::make_shared<const merchants::ShopConfig>(sample_shop())};
}

inline notifications::Subject abandoned() {
  auto out = subject(State::abandoned);
  auto& t = out.transaction;
  t.method = t.card.masked = t.card.holder = t.answer.response_code = t.answer.authorisation_code = "";
  t.card.expiry_year = t.card.expiry_month = 0;
  t.answer.at = {};
  t.authentication = {};
  return out;
}

inline notifications::Subject refused() {
  auto out = subject(State::refused);
  out.transaction.answer.response_code = "51";
  out.transaction.answer.authorisation_code = "";
  out.transaction.cause = payments::Cause::blocked_card;
  return out;
}

inline notifications::Subject waiting() {
  auto out = subject(State::waiting_authorisation);
  out.payment.capture_delay_days = 30;
  out.transaction.capture.at = out.transaction.created_at + std::chrono::days(30);
  out.payment.manual_validation = out.transaction.capture.manual_validation = true;
  out.transaction.verification = true;
  return out;
}

inline notifications::Subject to_validate() {
  auto out = subject(State::to_validate);
  out.payment.manual_validation = out.transaction.capture.manual_validation = true;
  return out;
}

inline notifications::Subject refund() {
  auto out = subject(State::authorised);
  out.transaction.kind = payments::Kind::credit;
  out.transaction.parent = out.transaction.id;
  out.transaction.amount = {1708, out.payment.amount.currency()};
  out.transaction.answer.response_code = out.transaction.answer.authorisation_code = "";
  out.transaction.authentication = {};
  return out;
}

inline std::string value_of(const base::FormFields& fields, std::string_view name) {
  const std::string* const value = base::find_field(fields, name);
  return value == nullptr ? "(absent)" : *value;
}

}  // namespace acquit::vads::testing

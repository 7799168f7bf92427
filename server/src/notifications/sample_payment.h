// A paid payment and its transaction, for the tests of this folder.
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "payments/nouns/payment.h"

namespace acquit::notifications {

inline payments::Payment sample_payment(const base::Clock& clock, base::Random& random, merchants::Mode mode) {
  payments::Payment payment{.shop = base::ShopId(69876357),
                            .id = payments::PaymentId::make(clock, random),
                            .mode = mode,
                            .protocol = "vads",
                            .key = "067925/2023-11-14",
                            .reference = "CMD-26",
                            .amount = {5124, *base::Currency::from_code("EUR")},
                            .language = "fr",
                            .buyer = {},
                            .protocol_fields = {},
                            .request_hash = {},
                            .notification_url = {},
                            .created_at = clock.now(),
                            .expires_at = clock.now() + base::Milliseconds{600'000},
                            .ended_at = {}};
  payment.buyer.email = "jeanne@example.com";
  payment.buyer.first_name = "Jeanne";
  payment.buyer.last_name = "Martin";
  return payment;
}

inline payments::Transaction sample_transaction(const base::Clock& clock, base::Random& random,
                                                const payments::Payment& of) {
  return {.shop = of.shop,
          .id = payments::TransactionId::make(clock, random),
          .payment = of.id,
          .state = payments::State::authorised,
          .amount = of.amount,
          .method = "CB",
          .card = {.masked = "497010XXXXXX0014"},
          .capture = {.at = clock.now()},
          .reference = "000000000001",
          .answer = {.at = clock.now(), .response_code = "00", .authorisation_code = "3fe1a2"},
          .created_at = clock.now()};
}

}  // namespace acquit::notifications

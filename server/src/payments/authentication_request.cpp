#include "payments/authentication_request.h"

#include <unicode/region.h>

namespace acquit::payments {
namespace {

threeds::ChallengePreference preference_of(const RequestParts& parts) {
  if (parts.authentication.mandated) return threeds::ChallengePreference::challenge_mandated;
  switch (parts.payment.challenge_preference) {
    case ChallengePreference::none: return threeds::ChallengePreference::no_preference;
    case ChallengePreference::frictionless: return threeds::ChallengePreference::no_challenge;
    case ChallengePreference::challenge: return threeds::ChallengePreference::challenge_wished;
    case ChallengePreference::mandate: return threeds::ChallengePreference::challenge_mandated;
  }
  return threeds::ChallengePreference::no_preference;
}

// ISO 3166-1 number of two letters; 0 if there is none.
int country_number(const std::string& code) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Region* region = icu::Region::getInstance(code.c_str(), status);
  return U_SUCCESS(status) != 0 && region != nullptr ? region->getNumericCode() : 0;
}

threeds::Buyer buyer_of(const Buyer& buyer) {
  threeds::Buyer out;
  out.email = buyer.email;
  if (!buyer.address.empty() || !buyer.city.empty()) {
    out.billing = threeds::Address{.line1 = buyer.address,
                                   .line2 = {},
                                   .line3 = {},
                                   .post_code = buyer.zip,
                                   .city = buyer.city,
                                   .state = {},
                                   .country = country_number(buyer.country)};
  }
  return out;
}

std::string status_text(threeds::TransStatus status) { return std::string(1, static_cast<char>(status)); }

}  // namespace

threeds::AuthenticationRequest authentication_request(const RequestParts& parts) {
  const merchants::Contract* contract = parts.shop.find_contract(parts.transaction.contract_id);
  const merchants::Shop& shop = parts.shop.shop;
  return {.version = parts.authentication.version,
          .server_transaction_id = parts.authentication.server_transaction_id,
          .requestor = {.id = parts.threeds.requestor_id, .name = shop.name, .url = shop.url},
          .merchant = {.acquirer_bin = contract == nullptr ? std::string() : contract->acquirer_id,
                       .acquirer_merchant_id = contract == nullptr ? std::string() : contract->merchant_number,
                       .name = shop.name,
                       .category_code = shop.category_code,
                       .country = country_number(shop.country)},
          .card = {.pan = parts.card.pan,
                   .expiry_year = parts.card.expiry_year,
                   .expiry_month = parts.card.expiry_month,
                   .holder = parts.transaction.card_holder},
          .amount = parts.payment.amount,
          .purchase_time = parts.now,
          .browser = parts.authentication.browser,
          .notification_url = parts.threeds.public_url + "/3ds/challenge-done",
          .buyer = buyer_of(parts.payment.buyer),
          .preference = preference_of(parts),
          .method = parts.method,
          .purpose = threeds::Purpose::payment,
          .recurrence = {},
          .payment = true};
}

void take_answer(AuthenticationResult& result, const threeds::AuthenticationAnswer& answer) {
  result.status = status_text(answer.status);
  result.status_reason = answer.reason;
  result.type = answer.status == threeds::TransStatus::challenge ? "CHALLENGE" : "FRICTIONLESS";
  result.eci = answer.eci;
  result.cavv = answer.cavv;
  result.cardholder_info = answer.cardholder_info;
  result.ds_transaction_id = answer.ds_transaction_id;
  result.acs_transaction_id = answer.acs_transaction_id;
}

void take_results(AuthenticationResult& result, const threeds::ChallengeResult& answer) {
  result.status = status_text(answer.status);
  result.status_reason = answer.reason;
  result.eci = answer.eci;
  result.cavv = answer.cavv;
  if (!answer.cancel.empty()) result.error = "challenge_cancelled_" + answer.cancel;
}

threeds::TransStatus status_of(const AuthenticationResult& result) {
  return result.status.empty() ? threeds::TransStatus::unavailable
                               : static_cast<threeds::TransStatus>(result.status.front());
}

threeds::Scheme scheme_of(std::string_view method) {
  if (method == "VISA" || method == "VISA_ELECTRON") return threeds::Scheme::visa;
  if (method == "MASTERCARD") return threeds::Scheme::mastercard;
  if (method == "MAESTRO") return threeds::Scheme::maestro;
  if (method == "AMEX") return threeds::Scheme::amex;
  return threeds::Scheme::cb;
}

}  // namespace acquit::payments

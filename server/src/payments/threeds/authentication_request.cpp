#include "payments/threeds/authentication_request.h"

#include <algorithm>

#include "payments/nouns/phone.h"
#include "platform/i18n/country.h"

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

threeds::Buyer buyer_of(const Buyer& buyer) {
  threeds::Buyer out;
  out.email = buyer.email;
  out.home_phone = phone_of(buyer.phone, buyer.country);
  out.mobile_phone = phone_of(buyer.cell_phone, buyer.country);
  if (!buyer.shipping_address.empty() || !buyer.shipping_city.empty()) {
    out.shipping = threeds::Address{.line1 = buyer.shipping_address,
                                    .line2 = buyer.shipping_address_2,
                                    .line3 = {},
                                    .post_code = buyer.shipping_zip,
                                    .city = buyer.shipping_city,
                                    .state = {},
                                    .country = i18n::country_number(buyer.shipping_country)};
  }
  if (!buyer.address.empty() || !buyer.city.empty()) {
    out.billing = threeds::Address{.line1 = buyer.address,
                                   .line2 = {},
                                   .line3 = {},
                                   .post_code = buyer.zip,
                                   .city = buyer.city,
                                   .state = {},
                                   .country = i18n::country_number(buyer.country)};
  }
  return out;
}

// What a plan of several instalments says of them; nothing for a single payment.
std::optional<threeds::Recurrence> recurrence_of(const Payment& payment, const Transaction& first) {
  const std::vector<Instalment> plan = payment.plan.of(payment.amount);
  if (plan.size() < 2) return std::nullopt;
  const auto day = std::chrono::floor<std::chrono::days>(first.capture.at);
  const auto day_of = [&](const Instalment& instalment) {
    return instalment.date.value_or(day + std::chrono::days(instalment.delay_days));
  };
  // The least number of days between two of them.
  std::chrono::days between = day_of(plan.back()) - day_of(plan.front());
  for (std::size_t i = 1; i < plan.size(); ++i) between = std::min(between, day_of(plan[i]) - day_of(plan[i - 1]));
  return threeds::Recurrence{.last = day_of(plan.back()),
                             .frequency_days = std::max(1, static_cast<int>(between.count())),
                             .instalments = static_cast<int>(plan.size())};
}

std::string status_text(threeds::TransStatus status) { return std::string(1, static_cast<char>(status)); }

}  // namespace

threeds::AuthenticationRequest authentication_request(const RequestParts& parts) {
  const merchants::Contract* contract = parts.shop.find_contract(parts.transaction.contract_id);
  const merchants::Shop& shop = parts.shop.shop;
  const auto recurrence = recurrence_of(parts.payment, parts.transaction);
  return {.version = parts.authentication.version,
          .server_transaction_id = parts.authentication.server_transaction_id,
          .requestor = {.id = parts.threeds.requestor_id, .name = shop.name, .url = shop.url},
          .merchant = {.acquirer_bin = contract == nullptr ? std::string() : contract->acquirer_id,
                       .acquirer_merchant_id = contract == nullptr ? std::string() : contract->merchant_number,
                       .name = shop.name,
                       .category_code = shop.category_code,
                       .country = i18n::country_number(shop.country)},
          .card = {.pan = parts.card.pan,
                   .expiry_year = parts.card.expiry_year,
                   .expiry_month = parts.card.expiry_month,
                   .holder = parts.transaction.card.holder},
          .amount = parts.payment.amount,
          .purchase_time = parts.now,
          .browser = parts.authentication.browser,
          .notification_url = parts.threeds.addresses.challenge_done,
          .results_url = parts.results_url,
          .buyer = buyer_of(parts.payment.buyer),
          .preference = preference_of(parts),
          .method = parts.method,
          .purpose = recurrence ? threeds::Purpose::instalment : threeds::Purpose::payment,
          .recurrence = recurrence,
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
  if (method == "JCB") return threeds::Scheme::jcb;
  if (method == "DINERS") return threeds::Scheme::diners;
  return method == "CB" ? threeds::Scheme::cb : threeds::Scheme::private_label;
}

}  // namespace acquit::payments

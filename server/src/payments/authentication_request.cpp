#include "payments/authentication_request.h"

#include <unicode/region.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "payments/plan.h"

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

struct CallingCode {
  std::string_view country;
  std::string_view code;
  std::size_t digits_max;  ///< Of a number without code and without the zero that is dialled at home.
};
// How numbers of a country begin abroad. Where one is not listed, a number in the country's own way is left out.
constexpr auto kCallingCodes = std::to_array<CallingCode>({
    {"AT", "43", 13}, {"BE", "32", 9},  {"BG", "359", 9}, {"CA", "1", 10},  {"CH", "41", 9},  {"CY", "357", 8},
    {"CZ", "420", 9}, {"DE", "49", 11}, {"DK", "45", 8},  {"EE", "372", 8}, {"ES", "34", 9},  {"FI", "358", 10},
    {"FR", "33", 9},  {"GB", "44", 10}, {"GF", "594", 9}, {"GP", "590", 9}, {"GR", "30", 10}, {"HR", "385", 9},
    {"HU", "36", 9},  {"IE", "353", 9}, {"IS", "354", 9}, {"IT", "39", 11}, {"LT", "370", 8}, {"LU", "352", 9},
    {"LV", "371", 8}, {"MC", "377", 9}, {"MQ", "596", 9}, {"MT", "356", 8}, {"NC", "687", 6}, {"NL", "31", 9},
    {"NO", "47", 8},  {"PF", "689", 8}, {"PL", "48", 9},  {"PM", "508", 9}, {"PT", "351", 9}, {"RE", "262", 9},
    {"RO", "40", 9},  {"SE", "46", 9},  {"SI", "386", 8}, {"SK", "421", 9}, {"US", "1", 10},  {"YT", "262", 9},
});
// Calling codes of one or two digits; all others have three.
constexpr auto kShortCodes = std::to_array<std::string_view>(
    {"1",  "7",  "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45",
     "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
     "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"});

// The number without what follows it: "x12", "ext. 12", "poste 12", "#12", ";ext=12".
std::string_view without_extension(std::string_view typed) {
  const std::size_t first = typed.find_first_of("0123456789");
  if (first == std::string_view::npos) return {};
  const auto ends = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '#' || c == ';' || c == ',';
  };
  const auto* const end = std::ranges::find_if(typed.begin() + static_cast<std::ptrdiff_t>(first), typed.end(), ends);
  return typed.substr(0, static_cast<std::size_t>(end - typed.begin()));
}

// The zero in front is dialled at home only; Italy keeps it.
void drop_home_zero(std::string& digits, std::string_view code) {
  if (digits.starts_with('0') && code != "39") digits.erase(0, 1);
}

std::optional<threeds::Phone> international(std::string_view digits) {
  const auto* const brief =
      std::ranges::find_if(kShortCodes, [&](std::string_view code) { return digits.starts_with(code); });
  const std::size_t length = brief == kShortCodes.end() ? 3 : brief->size();
  if (digits.size() <= length) return std::nullopt;
  threeds::Phone phone{.country_code = std::string(digits.substr(0, length)),
                       .subscriber = std::string(digits.substr(length))};
  drop_home_zero(phone.subscriber, phone.country_code);
  return phone;
}

// "+33 (0)6 01 02 03 04", "0033…", "33601020304", or as it is dialled in the buyer's country.
std::optional<threeds::Phone> phone_of(std::string_view whole, std::string_view country) {
  const std::string_view typed = without_extension(whole);
  std::string digits;
  std::ranges::copy_if(typed, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  if (typed.find('+') != std::string_view::npos) return international(digits);
  if (digits.starts_with("00")) return international(std::string_view(digits).substr(2));
  const auto* const known = std::ranges::find(kCallingCodes, country, &CallingCode::country);
  if (known == kCallingCodes.end() || digits.empty()) return std::nullopt;
  // Too long for a number of that country unless it begins with its code.
  if (digits.starts_with(known->code) && digits.size() > known->digits_max) return international(digits);
  drop_home_zero(digits, known->code);
  return threeds::Phone{.country_code = std::string(known->code), .subscriber = digits};
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
                                    .country = country_number(buyer.shipping_country)};
  }
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

// What a plan of several instalments says of them; nothing for a single payment.
std::optional<threeds::Recurrence> recurrence_of(const Payment& payment, const Transaction& first) {
  const auto plan = parse_plan({.text = payment.plan,
                                .total = payment.amount,
                                .today = std::chrono::floor<std::chrono::days>(payment.created_at)});
  if (!plan || plan->size() < 2) return std::nullopt;
  const auto day = std::chrono::floor<std::chrono::days>(first.capture_at);
  const auto day_of = [&](const Instalment& instalment) {
    return instalment.date.value_or(day + std::chrono::days(instalment.delay_days));
  };
  // The least number of days between two of them.
  std::chrono::days between = day_of(plan->back()) - day_of(plan->front());
  for (std::size_t i = 1; i < plan->size(); ++i)
    between = std::min(between, day_of((*plan)[i]) - day_of((*plan)[i - 1]));
  return threeds::Recurrence{.last = day_of(plan->back()),
                             .frequency_days = std::max(1, static_cast<int>(between.count())),
                             .instalments = static_cast<int>(plan->size())};
}

std::string status_text(threeds::TransStatus status) { return std::string(1, static_cast<char>(status)); }

}  // namespace

int country_number(const std::string& code) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Region* region = icu::Region::getInstance(code.c_str(), status);
  const bool known = U_SUCCESS(status) != 0 && region != nullptr && region->getNumericCode() > 0;
  return known ? region->getNumericCode() : 0;
}

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
                       .country = country_number(shop.country)},
          .card = {.pan = parts.card.pan,
                   .expiry_year = parts.card.expiry_year,
                   .expiry_month = parts.card.expiry_month,
                   .holder = parts.transaction.card_holder},
          .amount = parts.payment.amount,
          .purchase_time = parts.now,
          .browser = parts.authentication.browser,
          .notification_url = parts.threeds.address("/3ds/challenge-done"),
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

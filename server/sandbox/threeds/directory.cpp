// The directory server's half: card ranges, and the issuer's first answer to an AReq.
#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/money.h"
#include "base/number.h"
#include "connectors/threeds/outcome.h"
#include "http/router.h"
#include "sandbox/threeds/threeds_sandbox.h"

namespace acquit::sandbox {
namespace {

using base::JsonValue;
using threeds::EmvMessage;
using threeds::MessageType;
using threeds::TransStatus;

constexpr std::size_t kSessionsMax = 10'000;
constexpr std::string_view kSerial = "1";  // The list of test cards never changes while we run.
constexpr std::size_t kProofBytes = 20;
constexpr std::int64_t kSmallAmount = 30;

struct Decision {
  TransStatus status;
  std::string_view reason = {};
};

// Below 30 in the currency's main unit: issuers let such amounts pass when the merchant asks for it.
bool is_small(const EmvMessage& areq) {
  const auto minor = base::parse_int<std::int64_t>(areq.get("purchaseAmount"));
  auto exponent = base::parse_int<int>(areq.get("purchaseExponent")).value_or(0);
  std::int64_t limit = kSmallAmount;
  while (exponent-- > 0) limit *= 10;
  return minor && *minor < limit;
}

Decision decide(const EmvMessage& areq, const CardScenario* card) {
  const std::string_view wish = areq.get("threeDSRequestorChallengeInd");
  const bool wants_challenge = wish == "03" || wish == "04" || wish == "09";
  const bool data_only = wish == "05" || wish == "06" || wish == "07";
  if (card == nullptr) return {TransStatus::unavailable, "08"};
  switch (card->three_ds) {
    case ThreeDsBehaviour::frictionless:
      if (wants_challenge) return {TransStatus::challenge};
      return {data_only ? TransStatus::informational : TransStatus::authenticated};
    case ThreeDsBehaviour::challenge:
    case ThreeDsBehaviour::challenge_method:
      if (wish == "02" && is_small(areq)) return {TransStatus::authenticated};
      return {data_only ? TransStatus::informational : TransStatus::challenge};
    case ThreeDsBehaviour::challenge_refused:
    case ThreeDsBehaviour::challenge_timeout: return {TransStatus::challenge};
    case ThreeDsBehaviour::attempt: return {TransStatus::attempted};
    case ThreeDsBehaviour::unavailable: return {TransStatus::unavailable, "14"};
    case ThreeDsBehaviour::only_if_mandated:
      if (wish == "04") return {TransStatus::challenge};
      return {TransStatus::unavailable, "14"};
    case ThreeDsBehaviour::rejected: return {TransStatus::rejected, "11"};
    case ThreeDsBehaviour::not_enrolled: return {TransStatus::unavailable, "08"};
  }
  return {TransStatus::unavailable, "08"};
}

std::string masked(std::string_view number) {
  return std::string(number.substr(0, 6)) + std::string(number.size() - 10, 'X') +
         std::string(number.substr(number.size() - 4));
}

std::string readable_amount(const EmvMessage& areq, bool french) {
  const auto minor = base::parse_int<std::int64_t>(areq.get("purchaseAmount"));
  const auto number = base::parse_int<int>(areq.get("purchaseCurrency"));
  const auto currency = base::Currency::from_number(number.value_or(0));
  if (!minor || !currency) return "?";
  std::string decimal = base::Money(*minor, *currency).to_decimal();
  if (french) std::ranges::replace(decimal, '.', ',');
  return decimal + " " + std::string(currency->code());
}

}  // namespace

ThreeDsSandbox::ThreeDsSandbox(ThreeDsSandboxOptions options, http::Client& client, net::Loop& loop,
                               base::Random& random, AcsFaults& faults)
    : options_(std::move(options)),
      client_(client),
      loop_(loop),
      random_(random),
      faults_(faults),
      sessions_(kSessionsMax) {}

void ThreeDsSandbox::add_directory_routes(http::Router& router) {
  router.add({.method = http::Method::post, .pattern = "/threeds/ds"}, http::Open(),
             [this](http::Request request) { return directory(std::move(request)); });
}

void ThreeDsSandbox::add_issuer_routes(http::Router& router) {
  const auto add = [&](http::Method verb, const std::string& path, auto member) {
    router.add({.method = verb, .pattern = path}, http::Open(),
               [this, member](http::Request request) { return (this->*member)(std::move(request)); });
  };
  add(http::Method::get, "/threeds/method", &ThreeDsSandbox::method);
  add(http::Method::post, "/threeds/method", &ThreeDsSandbox::method);
  add(http::Method::post, "/threeds/challenge", &ThreeDsSandbox::challenge);
}

void ThreeDsSandbox::set_public_url(std::string url) { options_.public_url = std::move(url); }

base::Task<http::Response> ThreeDsSandbox::directory(http::Request request) {
  const auto message = threeds::parse_message(request.body, {MessageType::preq, MessageType::areq});
  if (!message) {
    co_return http::Response::json(200, to_erro(message.error(), threeds::Component::directory));
  }
  if (message->type == MessageType::erro) co_return http::Response::json(200, "");
  if (message->type == MessageType::preq) co_return http::Response::json(200, answer_ranges(*message));
  const auto fault = faults_.take(AcsStep::areq);
  if (fault == FaultKind::refuse) {
    co_return http::Response::json(
        200, to_erro({.code = threeds::ProtocolErrorCode::transient_failure, .message_type = "AReq"},
                     threeds::Component::directory));
  }
  http::Response answer = http::Response::json(200, answer_areq(*message));
  if (fault) co_return co_await misbehave(*fault, std::move(answer));
  co_return answer;
}

std::string ThreeDsSandbox::answer_ranges(const EmvMessage& preq) {
  JsonValue pres = threeds::new_message(MessageType::pres, preq.version);
  pres.add_text("threeDSServerTransID", preq.get("threeDSServerTransID"));
  pres.add_text("dsTransID", threeds::new_transaction_id(random_));
  pres.add_text("dsStartProtocolVersion", "2.1.0");
  pres.add_text("dsEndProtocolVersion", "2.2.0");
  pres.add_text("serialNum", kSerial);
  if (preq.get("serialNum") == kSerial) return base::to_json(pres);
  JsonValue ranges = JsonValue::array();
  for (const CardScenario& card : card_scenarios()) {
    if (card.three_ds == ThreeDsBehaviour::not_enrolled) continue;
    JsonValue range = JsonValue::object();
    range.add_text("startRange", card.number);
    range.add_text("endRange", card.number);
    range.add_text("actionInd", "A");
    range.add_text("acsStartProtocolVersion", "2.1.0");
    range.add_text("acsEndProtocolVersion", "2.2.0");
    if (card.three_ds == ThreeDsBehaviour::challenge_method) {
      range.add_text("threeDSMethodURL", options_.public_url + "/threeds/method");
    }
    ranges.add("", std::move(range));
  }
  pres.add("cardRangeData", std::move(ranges));
  return base::to_json(pres);
}

std::string ThreeDsSandbox::answer_areq(const EmvMessage& areq) {
  const CardScenario* card = find_card_scenario(areq.get("acctNumber"));
  const Decision decision = decide(areq, card);
  JsonValue ares = threeds::new_message(MessageType::ares, areq.version);
  ares.add_text("threeDSServerTransID", areq.get("threeDSServerTransID"));
  ares.add_text("acsTransID", threeds::new_transaction_id(random_));
  ares.add_text("dsTransID", threeds::new_transaction_id(random_));
  ares.add_text("acsReferenceNumber", "SANDBOX_ACS");
  ares.add_text("dsReferenceNumber", "SANDBOX_DS");
  ares.add_text("acsOperatorID", "SANDBOX");
  ares.add_text("transStatus", std::string(1, static_cast<char>(decision.status)));
  ares.add_text("transStatusReason", decision.reason);
  if (card == nullptr) return base::to_json(ares);
  if (decision.status == TransStatus::challenge) {
    begin_challenge(areq, ares, *card);
    return base::to_json(ares);
  }
  ares.add_text("eci", eci_of(card->brand, decision.status));
  const bool proven = decision.status == TransStatus::authenticated || decision.status == TransStatus::attempted ||
                      decision.status == TransStatus::informational;
  if (proven) ares.add_text("authenticationValue", proof());
  return base::to_json(ares);
}

void ThreeDsSandbox::begin_challenge(const EmvMessage& areq, JsonValue& ares, const CardScenario& card) {
  ares.add_text("acsChallengeMandated", "Y");
  ares.add_text("authenticationType", "02");
  ares.add_text("acsURL", options_.public_url + "/threeds/challenge");
  const bool french = areq.get("browserLanguage").starts_with("fr");
  sessions_.put(AcsSession{.version = areq.version,
                           .server_transaction_id = std::string(areq.get("threeDSServerTransID")),
                           .acs_transaction_id = std::string(ares.get("acsTransID")),
                           .ds_transaction_id = std::string(ares.get("dsTransID")),
                           .message_category = std::string(areq.get("messageCategory")),
                           .results_url = std::string(areq.get("threeDSServerURL")),
                           .notification_url = std::string(areq.get("notificationURL")),
                           .merchant = std::string(areq.get("merchantName")),
                           .amount = readable_amount(areq, french),
                           .card = masked(card.number),
                           .french = french,
                           .brand = card.brand,
                           .behaviour = card.three_ds,
                           .session_data = {},
                           .tries = 0,
                           .status = {}});
}

std::string ThreeDsSandbox::proof() {
  std::array<std::byte, kProofBytes> bytes{};
  random_.fill(bytes);
  return base::to_base64(bytes);
}

std::string eci_of(CardBrand brand, TransStatus status) {
  const auto scheme = [&] {
    switch (brand) {
      case CardBrand::visa:
      case CardBrand::visa_electron: return threeds::Scheme::visa;
      case CardBrand::mastercard: return threeds::Scheme::mastercard;
      case CardBrand::maestro: return threeds::Scheme::maestro;
      case CardBrand::amex: return threeds::Scheme::amex;
    }
    return threeds::Scheme::visa;
  };
  return threeds::judge({.status = status, .eci = {}, .cavv = {}}, scheme(), /*exemption_granted=*/false).eci;
}

}  // namespace acquit::sandbox

// The issuer's half: 3DS Method, challenge pages, and the results that go to the 3DS Server.
#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "http/client.h"
#include "sandbox/threeds/acs_pages.h"
#include "sandbox/threeds/threeds_sandbox.h"

namespace acquit::sandbox {
namespace {

using threeds::MessageType;
using threeds::TransStatus;
using threeds::Value;

constexpr int kTriesMax = 3;
constexpr std::size_t kMethodDataMax = 8192;
constexpr std::string_view kChallengePath = "/threeds/challenge";

std::string field(const base::FormFields& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return {};
}

std::string encode(const Value& value) { return base::to_base64url(base::as_bytes(to_json(value))); }

std::string letter(TransStatus status) { return std::string(1, static_cast<char>(status)); }

http::Response unknown() { return http::Response::html(404, unknown_challenge_page()); }

Value results_message(const AcsSession& session, TransStatus status, std::string_view reason, std::string_view cancel) {
  Value rreq = threeds::new_message(MessageType::rreq, session.version);
  rreq.add_text("threeDSServerTransID", session.server_transaction_id);
  rreq.add_text("acsTransID", session.acs_transaction_id);
  rreq.add_text("dsTransID", session.ds_transaction_id);
  rreq.add_text("messageCategory", session.message_category);
  rreq.add_text("transStatus", letter(status));
  rreq.add_text("transStatusReason", reason);
  rreq.add_text("challengeCancel", cancel);
  rreq.add_text("authenticationType", "02");
  rreq.add_text("interactionCounter", fmt::format("{:02}", session.tries + 1));
  rreq.add_text("eci", eci_of(session.brand, status));
  return rreq;
}

// The way back for the browser.
http::Response way_back(const AcsSession& session, TransStatus status) {
  Value cres = threeds::new_message(MessageType::cres, session.version);
  cres.add_text("threeDSServerTransID", session.server_transaction_id);
  cres.add_text("acsTransID", session.acs_transaction_id);
  cres.add_text("transStatus", letter(status));
  base::FormFields fields{{"cres", encode(cres)}};
  if (!session.session_data.empty()) fields.emplace_back("threeDSSessionData", session.session_data);
  return http::Response::html(200, forward_page(session.notification_url, fields, session.french));
}

}  // namespace

base::Task<http::Response> ThreeDsSandbox::method(http::Request request) {
  const auto form = base::parse_form(request.method == http::Method::get ? request.query : request.body);
  const std::string data = form ? field(*form, "threeDSMethodData") : std::string();
  const auto document = threeds::parse_json(threeds::decode_form_value(data), kMethodDataMax);
  const std::string_view url = document ? document->root.get("threeDSMethodNotificationURL") : std::string_view();
  if (!url.starts_with("http")) co_return http::Response::text(400, "threeDSMethodData is not readable.");
  Value answer = Value::object();
  answer.add_text("threeDSServerTransID", document->root.get("threeDSServerTransID"));
  co_return http::Response::html(200, forward_page(url, {{"threeDSMethodData", encode(answer)}}, /*french=*/true));
}

base::Task<http::Response> ThreeDsSandbox::challenge(http::Request request) {
  const auto form = base::parse_form(request.body);
  if (!form) co_return unknown();
  std::string creq = field(*form, "creq");
  if (creq.empty()) co_return co_await answer_challenge(*form);
  co_return co_await open_challenge(std::move(creq), field(*form, "threeDSSessionData"));
}

base::Task<http::Response> ThreeDsSandbox::open_challenge(std::string creq, std::string session_data) {
  const auto message = threeds::parse_message(threeds::decode_form_value(creq), {MessageType::creq});
  if (!message || message->type != MessageType::creq) co_return unknown();
  const std::string id(message->get("acsTransID"));
  auto session = sessions_.find(id);
  if (!session || session->server_transaction_id != message->get("threeDSServerTransID")) co_return unknown();
  if (session->status) co_return way_back(*session, *session->status);
  sessions_.open(id, std::move(session_data));
  co_return http::Response::html(200, challenge_page(*session, kChallengePath, /*wrong_code=*/false));
}

base::Task<http::Response> ThreeDsSandbox::answer_challenge(const base::FormFields& form) {
  const std::string id = field(form, "transaction");
  auto session = sessions_.find(id);
  if (!session) co_return unknown();
  if (session->status) co_return way_back(*session, *session->status);
  const std::string action = field(form, "action");
  if (action == "cancel") co_return co_await finish(*session, TransStatus::not_authenticated, "01", "01");
  if (session->behaviour == ThreeDsBehaviour::challenge_timeout) {
    co_return co_await finish(*session, TransStatus::not_authenticated, "14", "04");
  }
  const bool refused = action == "refuse" || session->behaviour == ThreeDsBehaviour::challenge_refused;
  if (refused) co_return co_await finish(*session, TransStatus::not_authenticated, "01", "");
  if (base::trim(field(form, "code")) == kChallengeCode) {
    co_return co_await finish(*session, TransStatus::authenticated, "", "");
  }
  if (sessions_.count_try(id) >= kTriesMax) {
    co_return co_await finish(*session, TransStatus::not_authenticated, "19", "");
  }
  co_return http::Response::html(200, challenge_page(*session, kChallengePath, /*wrong_code=*/true));
}

// The 3DS Server hears the result before the browser goes back to the merchant.
base::Task<http::Response> ThreeDsSandbox::finish(AcsSession session, TransStatus status, std::string reason,
                                                  std::string cancel) {
  if (sessions_.decide(session.acs_transaction_id, status)) {
    Value rreq = results_message(session, status, reason, cancel);
    if (status == TransStatus::authenticated) rreq.add_text("authenticationValue", proof());
    const bool heard = co_await send_result(session.results_url, to_json(rreq));
    if (!heard) base::log::warning("sandbox_results_not_heard", {{"acs_transaction", session.acs_transaction_id}});
  }
  co_return way_back(session, status);
}

base::Task<bool> ThreeDsSandbox::send_result(std::string url, std::string rreq) {
  for (int turn = 0; turn < options_.results_tries; ++turn) {
    if (turn > 0) co_await executor_.sleep(options_.results_pause);
    http::OutgoingRequest request{.method = http::Method::post,
                                  .url = url,
                                  .headers = {{"content-type", "application/json; charset=utf-8"}},
                                  .body = rreq,
                                  .time_limit = options_.results_time_limit};
    const auto response = co_await client_.send(std::move(request));
    if (!response || response->status != 200) continue;
    const auto answer = threeds::parse_message(response->body, {MessageType::rres});
    if (answer) co_return answer->type == MessageType::rres;
  }
  co_return false;
}

}  // namespace acquit::sandbox

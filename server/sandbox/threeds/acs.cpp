// The issuer's half: 3DS Method, challenge pages, and the results that go to the 3DS Server.
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "base/form_fields.h"
#include "base/log.h"
#include "http/client.h"
#include "net/address.h"
#include "net/stream.h"
#include "sandbox/threeds/acs_pages.h"
#include "sandbox/threeds/threeds_sandbox.h"

namespace acquit::sandbox {
namespace {

using base::JsonValue;
using threeds::MessageType;
using threeds::TransStatus;

constexpr int kTriesMax = 3;
constexpr std::size_t kMethodDataMax = 8192;
constexpr std::string_view kChallengePath = "/threeds/challenge";
constexpr std::string_view kGarbage = "\x01\xFF{\"messageType\":";

std::string encode(const JsonValue& value) { return base::to_base64url(base::as_bytes(base::to_json(value))); }

std::string letter(TransStatus status) { return std::string(1, static_cast<char>(status)); }

JsonValue results_message(const AcsSession& session, TransStatus status, std::string_view reason,
                          std::string_view cancel) {
  JsonValue rreq = threeds::new_message(MessageType::rreq, session.version);
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
  JsonValue cres = threeds::new_message(MessageType::cres, session.version);
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
  const std::string data = std::string(form ? base::field_of(*form, "threeDSMethodData") : std::string_view());
  const auto document = base::parse_json(threeds::decode_form_value(data), kMethodDataMax);
  const std::string_view url = document ? document->root.get("threeDSMethodNotificationURL") : std::string_view();
  if (!url.starts_with("http")) co_return http::Response::text(400, "threeDSMethodData is not readable.");
  JsonValue answer = JsonValue::object();
  answer.add_text("threeDSServerTransID", document->root.get("threeDSServerTransID"));
  co_return http::Response::html(200, forward_page(url, {{"threeDSMethodData", encode(answer)}}, /*french=*/true));
}

base::Task<http::Response> ThreeDsSandbox::challenge(http::Request request) {
  const auto form = base::parse_form(request.body);
  const auto session = form ? session_of(*form) : std::nullopt;
  if (!session) co_return http::Response::html(404, unknown_challenge_page());
  const auto fault = faults_.take(AcsStep::challenge);
  if (fault == FaultKind::refuse) co_return http::Response::html(503, broken_page(session->french));
  http::Response page = base::field_of(*form, "creq").empty()
                            ? co_await answer_challenge(*session, *form)
                            : open_challenge(*session, std::string(base::field_of(*form, "threeDSSessionData")));
  if (fault) co_return co_await misbehave(*fault, std::move(page));
  co_return page;
}

// By the CReq that opens the page, or by the page's own form.
std::optional<AcsSession> ThreeDsSandbox::session_of(const base::FormFields& form) const {
  const std::string creq(base::field_of(form, "creq"));
  if (creq.empty()) return sessions_.find(std::string(base::field_of(form, "transaction")));
  const auto message = threeds::parse_message(threeds::decode_form_value(creq), {MessageType::creq});
  if (!message || message->type != MessageType::creq) return std::nullopt;
  auto session = sessions_.find(std::string(message->get("acsTransID")));
  if (session && session->server_transaction_id != message->get("threeDSServerTransID")) return std::nullopt;
  return session;
}

http::Response ThreeDsSandbox::open_challenge(const AcsSession& session, std::string session_data) {
  if (session.status) return way_back(session, *session.status);
  sessions_.open(session.acs_transaction_id, std::move(session_data));
  return http::Response::html(200, challenge_page(session, kChallengePath, /*wrong_code=*/false));
}

base::Task<http::Response> ThreeDsSandbox::answer_challenge(AcsSession session, const base::FormFields& form) {
  if (session.status) co_return way_back(session, *session.status);
  const std::string_view action = base::field_of(form, "action");
  if (action == "cancel") co_return co_await finish(std::move(session), TransStatus::not_authenticated, "01", "01");
  if (session.behaviour == ThreeDsBehaviour::challenge_timeout) {
    co_return co_await finish(std::move(session), TransStatus::not_authenticated, "14", "04");
  }
  const bool refused = action == "refuse" || session.behaviour == ThreeDsBehaviour::challenge_refused;
  if (refused) co_return co_await finish(std::move(session), TransStatus::not_authenticated, "01", "");
  if (base::trim(base::field_of(form, "code")) == kChallengeCode) {
    co_return co_await finish(std::move(session), TransStatus::authenticated, "", "");
  }
  if (sessions_.count_try(session.acs_transaction_id) >= kTriesMax) {
    co_return co_await finish(std::move(session), TransStatus::not_authenticated, "19", "");
  }
  co_return http::Response::html(200, challenge_page(session, kChallengePath, /*wrong_code=*/true));
}

// The 3DS Server hears the result before the browser goes back to the merchant.
base::Task<http::Response> ThreeDsSandbox::finish(AcsSession session, TransStatus status, std::string reason,
                                                  std::string cancel) {
  if (sessions_.decide(session.acs_transaction_id, status)) {
    const auto fault = faults_.take(AcsStep::rreq);
    if (fault == FaultKind::refuse && status == TransStatus::authenticated) {
      status = TransStatus::not_authenticated;
      reason = "01";
      sessions_.overrule(session.acs_transaction_id, status);
    }
    JsonValue rreq = results_message(session, status, reason, cancel);
    if (status == TransStatus::authenticated) rreq.add_text("authenticationValue", proof());
    co_await report(session, base::to_json(rreq), fault);
  }
  co_return way_back(session, status);
}

// Once a result met its fault, nothing mends it: no second try brings the truth after all.
base::Task<void> ThreeDsSandbox::report(const AcsSession& session, std::string rreq, std::optional<FaultKind> fault) {
  if (fault) {
    switch (*fault) {
      case FaultKind::silent: co_return;
      case FaultKind::slow: co_await stop_bell_.wait(options_.slowness); break;
      case FaultKind::garbage: rreq = kGarbage; break;
      case FaultKind::disconnect: co_return co_await cut_off(session.results_url, std::move(rreq));
      case FaultKind::duplicate: (void)co_await send_result(session.results_url, rreq); break;
      case FaultKind::refuse:
      case FaultKind::unreadable:
      case FaultKind::mismatch:
      case FaultKind::code: break;
    }
  }
  const bool heard = co_await send_result(session.results_url, std::move(rreq));
  if (!heard) base::log::warning("sandbox_results_not_heard", {{"acs_transaction", session.acs_transaction_id}});
}

base::Task<bool> ThreeDsSandbox::send_result(std::string url, std::string rreq) {
  for (int turn = 0; turn < options_.results_tries; ++turn) {
    if (turn > 0) co_await stop_bell_.wait(options_.results_pause);
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

// Announces the whole message, sends half of it and hangs up; where TLS is wanted, in the middle of its handshake.
base::Task<void> ThreeDsSandbox::cut_off(std::string url, std::string rreq) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t end = std::min(url.find('/', begin), url.size());
  const std::string host = url.substr(begin, end - begin);
  std::string address = host;
  if (!net::parse_address(address)) address += url.starts_with("https:") ? ":443" : ":80";
  const auto stream = co_await net::connect(loop_, std::move(address), options_.results_time_limit);
  if (!stream) co_return base::log::failed("sandbox_results_cut", stream.error());
  std::string half =
      fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                  url.substr(end), host, rreq.size());
  half += rreq.substr(0, rreq.size() / 2);
  (void)co_await (*stream)->write(std::move(half), options_.results_time_limit);
  (*stream)->close();
}

// What becomes of an answer that was right.
base::Task<http::Response> ThreeDsSandbox::misbehave(FaultKind fault, http::Response answer) {
  switch (fault) {
    case FaultKind::silent:
      co_await stop_bell_.wait(options_.silence);
      answer.hang_up = true;
      break;
    case FaultKind::slow: co_await stop_bell_.wait(options_.slowness); break;
    case FaultKind::garbage: answer.body = kGarbage; break;
    case FaultKind::disconnect: answer.hang_up = true; break;
    case FaultKind::duplicate:
    case FaultKind::refuse:
    case FaultKind::unreadable:
    case FaultKind::mismatch:
    case FaultKind::code: break;
  }
  co_return answer;
}

}  // namespace acquit::sandbox

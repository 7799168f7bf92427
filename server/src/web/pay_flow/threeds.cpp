
#include "base/form_fields.h"
#include "connectors/threeds/answers.h"
#include "connectors/threeds/forms.h"
#include "http/form.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::web {
namespace {

// What a browser brings is anybody's: a fault of the request, not of a bank.
base::Error junk(const base::Error& error) {
  return {.code = base::ErrorCode::field_format, .field = error.field, .detail = error.detail};
}

// In the scheme's words why results were not taken; nothing if that is our affair.
std::optional<threeds::ProtocolErrorCode> refusal_code(base::ErrorCode code) {
  using threeds::ProtocolErrorCode;
  if (code == base::ErrorCode::not_found) return ProtocolErrorCode::transaction_unknown;
  if (code == base::ErrorCode::field_value) return ProtocolErrorCode::format_invalid;
  return std::nullopt;
}

}  // namespace

base::Task<http::Response> Flow::method_done(http::Call<http::Open::Proof> call, MethodForm form) {
  // Only tells the page around the frame that the bank has finished; nothing is believed or stored.
  if (const auto id = threeds::decode_method_data(form.data); !id) {
    co_return answers_.failure(call.request, junk(id.error()));
  }
  co_return http::Response::see_other(kMethodDonePath);
}

base::Task<http::Response> Flow::show_method_done(http::Request request) {
  // Framed by our own page, perhaps with the bank's page between, and outside by the shop's where that frames ours: all
  // of them count as ancestors. There is nothing to see or to press.
  co_return answers_.page(200, pages::ThreedsMethodDoneView{.language = pages::browser_language(request)},
                          {.any_ancestor = true});
}

base::Task<http::Response> Flow::after_method(HolderCall call, AfterMethodForm form) {
  const http::Request& request = call.request;
  const payments::PaymentName name = call.proof;
  auto found = co_await visit(name);
  if (!found) co_return answers_.payment_failure(request, found.error(), token_of(name));
  auto step =
      co_await payments::continue_after_method(services_, threeds_, *found->subject.shop, form.token, form.completed);
  co_return co_await after_step(request, name, std::move(step));
}

base::Task<http::Admission<Flow::Session>> Flow::admit_session(const http::Request& request) {
  const auto sent = http::form_of(request);
  auto token = threeds::decode_session(sent ? base::field_of(*sent, "threeDSSessionData") : std::string_view());
  if (!token) co_return std::unexpected(answers_.failure(request, junk(token.error())));
  const auto names = payments::read_step_token(services_, *token);
  if (!names) {
    co_return std::unexpected(answers_.failure(
        request, junk({.code = {}, .field = "threeDSSessionData", .detail = "not a session of ours"})));
  }
  co_return Session{.names = *names, .token = *std::move(token)};
}

base::Task<http::Response> Flow::challenge_done(http::Call<Session> call, ChallengeForm) {
  const http::Request& request = call.request;
  const Session& session = call.proof;
  auto shop = co_await services_.directory.find(session.names.shop);
  if (!shop) co_return answers_.payment_failure(request, shop.error(), {});
  auto finished = co_await payments::finish_challenge(services_, threeds_, **shop, session.token);
  if (!finished.payment) {
    const base::Error& error = finished.step.error();
    if (error.code == base::ErrorCode::not_found) co_return answers_.failure(request, error);
    co_return answers_.payment_failure(request, error, {}, &(*shop)->shop);
  }
  co_return co_await after_step(request, {.shop = session.names.shop, .payment = *finished.payment},
                                std::move(finished.step));
}

base::Task<http::Admission<Flow::Results>> Flow::admit_results(const http::Request& request) {
  threeds::Results read = threeds::read_results(request.body);
  if (!read.result) co_return std::unexpected(http::Response::json(200, std::move(read.answer)));
  const auto part = [&](std::string_view name) {
    const auto found = request.path_params.find(name);
    return found == request.path_params.end() ? std::string() : found->second;
  };
  const payments::ResultsAddress address{.shop = base::parse_shop_id(part("shop")).value_or(base::ShopId(0)),
                                         .secret = part("secret")};
  auto brought = payments::AddressedResults::check(services_.vault, address, *read.result);
  if (brought) co_return Results{.brought = *std::move(brought), .answer = std::move(read.answer)};
  log_.failed("threeds_results_refused", brought.error(), {{"request", request.request_id}});
  co_return std::unexpected(http::Response::json(
      200, threeds::refusal_of(*read.result, threeds::ProtocolErrorCode::access_denied, brought.error().field)));
}

base::Task<http::Response> Flow::results(http::Request request, Results results) {
  const auto recorded = co_await payments::record_results(services_, threeds_, results.brought);
  if (recorded) co_return http::Response::json(200, results.answer);
  const base::Error& error = recorded.error();
  if (const auto code = refusal_code(error.code)) {
    log_.failed("threeds_results_refused", error, {{"request", request.request_id}});
    co_return http::Response::json(200, threeds::refusal_of(results.brought.result(), *code, error.field));
  }
  // Another one was faster with the same results.
  if (error.code == base::ErrorCode::wrong_state) co_return http::Response::json(200, results.answer);
  // Not stored, or perhaps: without an RRes the directory server sends it again, and any status of success is one.
  log_.failed("threeds_results", error);
  co_return http::Response::text(503, "try again");
}

}  // namespace acquit::web

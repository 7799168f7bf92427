
#include "base/form_fields.h"
#include "connectors/threeds/answers.h"
#include "connectors/threeds/forms.h"
#include "http/form.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::web {
namespace {

std::string field_of(const http::Request& request, std::string_view name) {
  const auto fields = http::form_of(request);
  return fields ? std::string(base::field_of(*fields, name)) : std::string();
}

// What a browser brings is anybody's: a fault of the request, not of a bank.
base::Error junk(const base::Error& error) {
  return {.code = base::ErrorCode::field_format, .field = error.field, .detail = error.detail};
}

// In the scheme's words why results were not taken; nothing if that is our affair.
std::optional<threeds::ProtocolErrorCode> refusal_code(base::ErrorCode code) {
  using threeds::ProtocolErrorCode;
  if (code == base::ErrorCode::not_permitted) return ProtocolErrorCode::access_denied;
  if (code == base::ErrorCode::not_found) return ProtocolErrorCode::transaction_unknown;
  if (code == base::ErrorCode::field_value) return ProtocolErrorCode::format_invalid;
  return std::nullopt;
}

}  // namespace

base::Task<http::Response> Flow::method_done(http::Request request) {
  // Only tells the page around the frame that the bank has finished; nothing is believed or stored.
  if (const auto id = threeds::decode_method_data(field_of(request, "threeDSMethodData")); !id) {
    co_return answers_.failure(request, junk(id.error()));
  }
  co_return http::Response::see_other(kMethodDonePath);
}

base::Task<http::Response> Flow::show_method_done(http::Request request) {
  // Framed by our own page, perhaps with the bank's page between, and outside by the shop's where that frames ours: all
  // of them count as ancestors. There is nothing to see or to press.
  co_return answers_.page(200, pages::ThreedsMethodDoneView{.language = pages::browser_language(request)},
                          {.any_ancestor = true});
}

base::Task<http::Response> Flow::after_method(http::Request request) {
  const std::string& token = request.path_params["token"];
  auto found = co_await visit(token);
  if (!found) co_return answers_.payment_failure(request, found.error(), token);
  const bool completed = field_of(request, "method_completed") == "Y";
  auto step = co_await payments::continue_after_method(context_, threeds_, *found->subject.shop,
                                                       field_of(request, "token"), completed);
  co_return co_await after_step(request, found->token, std::move(step));
}

base::Task<http::Response> Flow::challenge_done(http::Request request) {
  const auto session = threeds::decode_session(field_of(request, "threeDSSessionData"));
  if (!session) co_return answers_.failure(request, junk(session.error()));
  const auto names = payments::names_in_token(*session);
  if (!names)
    co_return answers_.failure(request,
                               junk({.code = {}, .field = "threeDSSessionData", .detail = "not a session of ours"}));
  auto shop = co_await context_.directory.find(names->shop);
  if (!shop) co_return answers_.payment_failure(request, shop.error(), {});
  auto finished = co_await payments::finish_challenge(context_, threeds_, **shop, *session);
  if (!finished.payment) {
    const base::Error& error = finished.step.error();
    if (error.code == base::ErrorCode::not_found) co_return answers_.failure(request, error);
    co_return answers_.payment_failure(request, error, {}, &(*shop)->shop);
  }
  const std::string token =
      payments::make_payment_token(context_.vault, {.shop = names->shop, .payment = *finished.payment});
  co_return co_await after_step(request, token, std::move(finished.step));
}

base::Task<http::Response> Flow::results(http::Request request) {
  threeds::Results read = threeds::read_results(request.body);
  if (!read.result) co_return http::Response::json(200, read.answer);
  const auto shop = base::parse_shop_id(request.path_params["shop"]);
  const payments::ResultsAddress address{.shop = shop.value_or(base::ShopId(0)),
                                         .secret = request.path_params["secret"]};
  const auto recorded = co_await payments::record_results(context_, threeds_, address, *read.result);
  if (recorded) co_return http::Response::json(200, read.answer);
  const base::Error& error = recorded.error();
  if (const auto code = refusal_code(error.code)) {
    log_.failed("threeds_results_refused", error, {{"request", request.request_id}});
    co_return http::Response::json(200, threeds::refusal_of(*read.result, *code, error.field));
  }
  // Another one was faster with the same results.
  if (error.code == base::ErrorCode::wrong_state) co_return http::Response::json(200, read.answer);
  // Not stored, or perhaps: without an RRes the directory server sends it again, and any status of success is one.
  log_.failed("threeds_results", error);
  co_return http::Response::text(503, "try again");
}

}  // namespace acquit::web

#include "http/static_file.h"
#include "pages/payment_guard.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::web {
namespace {

// Of a card, and what a browser says of itself.
constexpr std::size_t kFormOfBuyerMax = 16U << 10U;
// What banks and directory servers send may be some kilobytes of extensions.
constexpr std::size_t kFormOfBankMax = 64U << 10U;

http::StaticFile to_file(const pages::Asset& asset) {
  return {{.plain = asset.content, .gzip = asset.gzip, .brotli = asset.brotli},
          asset.content_type,
          "public, max-age=31536000, immutable"};
}

// `file` is the router's, which outlives what it answers.
base::Task<http::Response> serve(const http::StaticFile& file, http::Request request) {
  co_return file.answer(request);
}

}  // namespace

class Flow::Holder : public pages::PaymentGuard {
 public:
  explicit Holder(const Flow& flow) : PaymentGuard(flow.context_.vault, flow.answers_) {}
};

http::Routes<Flow> Flow::results_routes() {
  using Directory = http::MemberGuard<http::Access::scheme, &Flow::admit_results>;
  http::Routes<Flow> routes;
  // Without shop and secret too: who has lost them is told so in the scheme's words.
  for (const std::string below : {"/{shop}/{secret}", ""}) {
    routes.add<Directory>(
        {.method = http::Method::post, .pattern = std::string(kResultsPath) + below, .body_max = kFormOfBankMax},
        &Flow::results);
  }
  return routes;
}

http::Routes<Flow> Flow::routes() {
  using enum http::Method;
  using InStep = http::MemberGuard<http::Access::step_token, &Flow::admit_session>;
  http::Routes<Flow> routes;
  routes.add<Holder>({.pattern = "/pay/{token}"}, &Flow::show);
  const auto add_form = [&](const std::string& step, auto handler) {
    routes.add<Holder>({.method = post, .pattern = "/pay/{token}/" + step, .body_max = kFormOfBuyerMax}, handler);
  };
  add_form("card", &Flow::enter_card);
  add_form("extend", &Flow::extend);
  add_form("cancel", &Flow::cancel);
  add_form("authenticate", &Flow::after_method);
  const auto from_bank = [](std::string_view path) {
    return http::Route{.method = post, .pattern = std::string(path), .body_max = kFormOfBankMax};
  };
  // Nothing is believed of what it brings, nothing is done.
  routes.add<http::Open>(from_bank(kMethodDonePath), &Flow::method_done);
  routes.add<http::Open>({.pattern = std::string(kMethodDonePath)}, &Flow::show_method_done);
  routes.add<InStep>(from_bank(kChallengeDonePath), &Flow::challenge_done);
  for (const pages::Asset& asset : pages::asset_table()) {
    routes.add<http::Open>(
        {.pattern = std::string(asset.path)},
        [file = to_file(asset)](const Flow&, http::Request request) { return serve(file, std::move(request)); });
  }
  return routes;
}

}  // namespace acquit::web

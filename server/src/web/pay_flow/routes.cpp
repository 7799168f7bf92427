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
  explicit Holder(const Flow& flow) : PaymentGuard(flow.services_.vault, flow.answers_) {}
};

// A form of `Fields`, and the member function that is given them.
template <class Fields, auto Work>
class Flow::Form {
 public:
  using Input = Fields;
  using Output = http::Response;
  static constexpr http::Takes kTakes = http::Takes::form;

  explicit Form(Flow& flow) : flow_(flow) {}
  static const http::Spec<Fields>& spec() { return Fields::spec(); }
  template <class Proof>
    requires std::invocable<decltype(Work), Flow&, http::Call<Proof>, Fields>
  base::Task<http::Response> process(http::Call<Proof> call, Fields fields) {
    return (flow_.*Work)(std::move(call), std::move(fields));
  }
  [[nodiscard]] http::Response refuse(const http::Request& request, const base::Error& error) const {
    return flow_.answers_.failure(request, error);
  }

 private:
  Flow& flow_;
};

http::Routes<Flow> Flow::results_routes() {
  using Directory = http::MemberGuard<http::Access::scheme, &Flow::admit_results>;
  http::Routes<Flow> routes;
  // Without shop and secret too: who has lost them is told so in the scheme's words.
  for (const std::string below : {"/{shop}/{secret}", ""}) {
    routes.add<Directory>({.method = http::Method::post,
                           .pattern = std::string(kResultsPath) + below,
                           .about = "Results of a challenge (RReq), from a directory server",
                           .body_max = kFormOfBankMax},
                          &Flow::results);
  }
  return routes;
}

http::Routes<Flow> Flow::routes() {
  using enum http::Method;
  using InStep = http::MemberGuard<http::Access::step_token, &Flow::admit_session>;
  http::Routes<Flow> routes;
  const auto from_buyer = [](const std::string& step, const std::string& about) {
    return http::Route{.method = post, .pattern = "/pay/{token}/" + step, .about = about, .body_max = kFormOfBuyerMax};
  };
  const auto from_bank = [](std::string_view path, const std::string& about) {
    return http::Route{.method = post, .pattern = std::string(path), .about = about, .body_max = kFormOfBankMax};
  };
  routes.add<Holder>({.pattern = "/pay/{token}", .about = "The page of a payment, whatever it shows now"}, &Flow::show)
      .add_endpoint<Holder, Form<CardForm, &Flow::enter_card>>(from_buyer("card", "Pays by the card that was typed"))
      .add_endpoint<Holder, Form<CardForm, &Flow::extend>>(from_buyer("extend", "Gives the buyer more time"))
      .add<Holder>(from_buyer("cancel", "Gives the payment up"), &Flow::cancel)
      .add_endpoint<Holder, Form<AfterMethodForm, &Flow::after_method>>(
          from_buyer("authenticate", "Goes on after the 3DS Method"));
  // Nothing is believed of what it brings, nothing is done.
  routes
      .add_endpoint<http::Open, Form<MethodForm, &Flow::method_done>>(
          from_bank(kMethodDonePath, "The bank's page of the 3DS Method has ended"))
      .add<http::Open>({.pattern = std::string(kMethodDonePath), .about = "Tells the page around the frame so"},
                       &Flow::show_method_done)
      .add_endpoint<InStep, Form<ChallengeForm, &Flow::challenge_done>>(
          from_bank(kChallengeDonePath, "The buyer is back from his bank's challenge"));
  for (const pages::Asset& asset : pages::asset_table()) {
    routes.add<http::Open>(
        {.pattern = std::string(asset.path), .about = "A file of the pages"},
        [file = to_file(asset)](const Flow&, http::Request request) { return serve(file, std::move(request)); });
  }
  return routes;
}

}  // namespace acquit::web

#include "http/static_file.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::web {
namespace {

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

void Flow::add_results_routes(http::Router& router) {
  // Without shop and secret too: who has lost them is told so in the scheme's words.
  for (const std::string_view below : {"/{shop}/{secret}", ""}) {
    router.add(http::Method::post, std::string(kResultsPath) + std::string(below), http::Access::scheme,
               [this](http::Request request) { return results(std::move(request)); });
  }
}

void Flow::add_routes(http::Router& router) {
  using http::Access;
  using http::Method;
  const auto bind = [this](base::Task<http::Response> (Flow::*handler)(http::Request)) {
    return [this, handler](http::Request request) { return (this->*handler)(std::move(request)); };
  };
  router.add(Method::get, "/pay/{token}", Access::payment_token, bind(&Flow::show));
  router.add(Method::post, "/pay/{token}/card", Access::payment_token, bind(&Flow::enter_card));
  router.add(Method::post, "/pay/{token}/extend", Access::payment_token, bind(&Flow::extend));
  router.add(Method::post, "/pay/{token}/cancel", Access::payment_token, bind(&Flow::cancel));
  router.add(Method::post, "/pay/{token}/authenticate", Access::payment_token, bind(&Flow::after_method));
  router.add(Method::post, kMethodDonePath, Access::scheme, bind(&Flow::method_done));
  router.add(Method::get, kMethodDonePath, Access::scheme, bind(&Flow::show_method_done));
  router.add(Method::post, kChallengeDonePath, Access::scheme, bind(&Flow::challenge_done));
  for (const pages::Asset& asset : pages::asset_table()) {
    router.add(Method::get, asset.path, Access::open,
               [file = to_file(asset)](http::Request request) { return serve(file, std::move(request)); });
  }
}

}  // namespace acquit::web

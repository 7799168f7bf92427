#include "app/results_door.h"

#include "app/housekeeping.h"
#include "app/settings.h"
#include "base/log.h"
#include "http/below.h"
#include "net/tls.h"
#include "web/pay_flow/threeds_addresses.h"

namespace acquit::app {
namespace {

// From a member of ServerOptions to its key.
base::Error with_key(base::Error error) {
  const std::string& field = error.field;
  if (field != "certificate_file" && field != "key_file" && field != "client_ca_file") return error;
  error.field = "threeds.results_" + (field == "client_ca_file" ? "ca_file" : field);
  error.detail = error.field + ": " + error.detail;
  return error;
}

}  // namespace

base::Result<void> ResultsDoor::open(const platform::Config& config, const AddRoutes& add_routes,
                                     http::Router& buyers) {
  http::ServerOptions options = results_options(config);
  if (options.listen.empty()) {
    add_routes(buyers);
    return {};
  }
  add_routes(router_);
  for (const std::string below : {"/*", ""}) {
    buyers.add({.method = http::Method::post, .pattern = std::string(web::kResultsPath) + below}, http::Open(),
               [this](http::Request) { return turn_away(); });
  }
  const std::string prefix = http::path_of(config.text("threeds.results_url"));
  options.body_max_of = [this, prefix](http::Method method, std::string_view path) {
    return router_.body_max_of(method, http::path_below(prefix, path));
  };
  auto server = http::Server::start(options, loop_, random_, http::below(prefix, [this](http::Request request) {
                                      return router_.route(std::move(request));
                                    }));
  if (!server) return std::unexpected(with_key(std::move(server).error()));
  server_ = *std::move(server);
  base::log::info("results_door_open", {{"url", server_->url()}});
  watch_certificate();
  return {};
}

base::Task<http::Response> ResultsDoor::turn_away() {
  ++turned_away_;
  co_return http::Response::text(403, "results are taken at threeds.results_url, with a certificate\n");
}

base::Result<void> ResultsDoor::reload() {
  if (!server_) return {};
  auto reloaded = server_->reload_certificate();
  if (!reloaded) return std::unexpected(with_key(std::move(reloaded).error()));
  return {};
}

std::int64_t ResultsDoor::certificate_days_left() const {
  const auto ends = server_->certificate_ends();
  return ends ? net::days_left(*ends, clock_.now()) : 0;
}

void ResultsDoor::watch_certificate() const {
  if (server_) app::watch_certificate("results_certificate_ends", server_->certificate_ends(), clock_);
}

void ResultsDoor::stop(base::Milliseconds grace) {
  if (server_) server_->stop(grace);
}

}  // namespace acquit::app

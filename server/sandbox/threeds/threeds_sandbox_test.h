// What the tests of the 3-D Secure sandbox share: it and our own 3DS Server, over real HTTP on the loopback, and a
// buyer.
#pragma once

#include <gmock/gmock.h>

#include <mutex>

#include "base/form_fields.h"
#include "connectors/threeds/answers.h"
#include "connectors/threeds/forms.h"
#include "connectors/threeds/three_ds_server.h"
#include "http/client.h"
#include "http/router.h"
#include "http/server.h"
#include "net/loop.h"
#include "sandbox/threeds/threeds_sandbox.h"

namespace acquit::sandbox {

constexpr base::Milliseconds kOurPatience{10'000};  // Enough for a machine that is busy with other things.
constexpr base::Milliseconds kShortPatience{200};
constexpr base::Milliseconds kTheirSilence{60'000};
constexpr base::Milliseconds kTheirSlowness{300};

// The value of a hidden field of a page.
inline std::string hidden(const std::string& page, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const std::size_t at = page.find(mark);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + mark.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

class ThreeDsSandboxFixture : public testing::Test {
 protected:
  void SetUp() override {
    loop.run_in_background();
    sandbox.add_directory_routes(router);
    sandbox.add_issuer_routes(router);
    router.add({.method = http::Method::post, .pattern = "/results"}, http::Open(),
               [this](http::Request request) { return take_results(std::move(request)); });
    auto started = http::Server::start({.listen = "127.0.0.1:0"}, loop, random,
                                       [this](http::Request request) { return router.route(std::move(request)); });
    ASSERT_TRUE(started) << started.error().detail;
    server = *std::move(started);
    sandbox.set_public_url(server->url());
    start_ours(kOurPatience);
  }
  void start_ours(base::Milliseconds patience, const std::string& bring_results_to = {}) {
    results_url = bring_results_to.empty() ? server->url() + "/results" : bring_results_to;
    ours.emplace(threeds::ThreeDsServerOptions{.directory_url = server->url() + "/threeds/ds", .time_limit = patience},
                 *client, clock, random);
  }
  void TearDown() override {
    sandbox.stop();
    server->stop(base::Milliseconds(3'000));
    loop.stop();
  }

  base::Task<http::Response> take_results(http::Request request) {
    threeds::Results taken = threeds::read_results(request.body);
    const std::lock_guard lock(mutex);
    if (results_refused-- > 0) co_return http::Response::text(503, "later");
    results_answered.push_back(taken.answer);
    if (taken.result) results.push_back(*taken.result);
    co_return http::Response::json(200, taken.answer);
  }

  base::Result<threeds::AuthenticationAnswer> authenticate(
      std::string card, threeds::ChallengePreference wish = threeds::ChallengePreference::unspecified,
      std::int64_t minor = 5000, std::string language = "fr-FR") {
    threeds::AuthenticationRequest request{
        .server_transaction_id = threeds::new_transaction_id(random),
        .requestor = {.id = "69876357", .name = "Boutique <b>", .url = "https://shop.example"},
        .merchant = {.acquirer_bin = "400551",
                     .acquirer_merchant_id = "1697368395",
                     .name = "Boutique <b>",
                     .category_code = "5411",
                     .country = 250},
        .card = {.pan = base::Pan(std::move(card)), .expiry_year = 2028, .expiry_month = 6, .holder = "Buyer"},
        .amount = base::Money(minor, *base::Currency::from_code("EUR")),
        .purchase_time = clock.now(),
        .browser = {.accept_header = "*/*", .ip = {}, .language = std::move(language), .user_agent = "test"},
        .notification_url = "https://pay.example/back",
        .results_url = results_url,
        .preference = wish};
    return base::sync_wait(ours->authenticate(std::move(request)));
  }

  base::Result<http::IncomingResponse> send(const std::string& path, const base::FormFields& fields,
                                            base::Milliseconds patience = kOurPatience) {
    const std::string url = path.starts_with("http") ? path : server->url() + path;
    return base::sync_wait(client->send({.method = http::Method::post,
                                         .url = url,
                                         .headers = {{"content-type", "application/x-www-form-urlencoded"}},
                                         .body = base::to_form(fields),
                                         .time_limit = patience}));
  }
  std::string post(const std::string& path, const base::FormFields& fields) {
    const auto response = send(path, fields);
    return response ? response->body : response.error().detail;
  }

  // The page that the buyer sees first.
  std::string open(const threeds::AuthenticationAnswer& answer) {
    const auto form = threeds::challenge_form(answer, threeds::WindowSize::full, "session-7");
    EXPECT_TRUE(form);
    return post(form->acs_url, {{"creq", form->creq}, {"threeDSSessionData", form->session_data}});
  }
  std::string press(const std::string& page, const std::string& action, const std::string& code = "") {
    return post("/threeds/challenge",
                {{"transaction", hidden(page, "transaction")}, {"code", code}, {"action", action}});
  }

  base::OsClock clock;
  base::SeededRandom random{42};
  net::Loop loop{2};
  std::unique_ptr<http::Client> client = http::Client::make({.allow_private_addresses = true}, loop);
  AcsFaults faults;
  ThreeDsSandbox sandbox{
      {.public_url = {}, .silence = kTheirSilence, .slowness = kTheirSlowness, .results_pause = base::Milliseconds(1)},
      *client,
      loop,
      random,
      faults};
  http::Router router;
  std::unique_ptr<http::Server> server;
  std::optional<threeds::ThreeDsServer> ours;
  std::string results_url;
  std::mutex mutex;
  std::vector<threeds::ChallengeResult> results;
  std::vector<std::string> results_answered;  // With what.
  int results_refused = 0;
};

}  // namespace acquit::sandbox

// Our 3DS Server and the sandbox's directory and issuer, over real HTTP on the loopback.
#include "sandbox/threeds/threeds_sandbox.h"

#include <gmock/gmock.h>

#include <mutex>

#include "base/text.h"
#include "connectors/threeds/answers.h"
#include "connectors/threeds/forms.h"
#include "connectors/threeds/three_ds_server.h"
#include "http/client.h"
#include "http/router.h"
#include "http/server.h"
#include "net/loop.h"

namespace acquit::sandbox {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using threeds::AuthenticationAnswer;
using threeds::AuthenticationRequest;
using threeds::ChallengePreference;
using threeds::TransStatus;

constexpr base::Milliseconds kOurPatience{10'000};  // Enough for a machine that is busy with other things.
constexpr base::Milliseconds kShortPatience{200};
constexpr base::Milliseconds kTheirSilence{2'000};

// The value of a hidden field of a page.
std::string hidden(const std::string& page, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const std::size_t at = page.find(mark);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + mark.size();
  return page.substr(begin, page.find('"', begin) - begin);
}

class ThreeDsSandboxTest : public testing::Test {
 protected:
  void SetUp() override {
    loop.run_in_background();
    sandbox.add_routes(router);
    router.add(http::Method::post, "/results", http::Access::scheme,
               [this](http::Request request) { return take_results(std::move(request)); });
    auto started = http::Server::start({.listen = "127.0.0.1:0"}, loop, random,
                                       [this](http::Request request) { return router.route(std::move(request)); });
    ASSERT_TRUE(started) << started.error().detail;
    server = *std::move(started);
    sandbox.set_public_url(server->url());
    start_ours(kOurPatience);
  }
  void start_ours(base::Milliseconds patience) {
    ours.emplace(threeds::ThreeDsServerOptions{.directory_url = server->url() + "/threeds/ds",
                                               .results_url = server->url() + "/results",
                                               .time_limit = patience},
                 *client, clock, random);
  }
  void TearDown() override {
    server->stop(base::Milliseconds(3'000));
    loop.stop();
  }

  base::Task<http::Response> take_results(http::Request request) {
    threeds::Results taken = threeds::read_results(request.body);
    const std::lock_guard lock(mutex);
    if (results_refused-- > 0) co_return http::Response::text(503, "later");
    if (taken.result) results.push_back(*taken.result);
    co_return http::Response::json(200, taken.answer);
  }

  base::Result<AuthenticationAnswer> authenticate(std::string card,
                                                  ChallengePreference wish = ChallengePreference::unspecified,
                                                  std::int64_t minor = 5000, std::string language = "fr-FR") {
    AuthenticationRequest request{
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
        .preference = wish};
    return base::sync_wait(ours->authenticate(std::move(request)));
  }

  std::string post(const std::string& path, const base::FormFields& fields) {
    const std::string url = path.starts_with("http") ? path : server->url() + path;
    const auto response =
        base::sync_wait(client->send({.method = http::Method::post,
                                      .url = url,
                                      .headers = {{"content-type", "application/x-www-form-urlencoded"}},
                                      .body = base::to_form(fields)}));
    return response ? response->body : response.error().detail;
  }

  // The page that the buyer sees first.
  std::string open(const AuthenticationAnswer& answer) {
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
  std::unique_ptr<http::Client> client = http::Client::make({.allow_private_addresses = true, .ca_file = {}}, loop);
  ThreeDsSandbox sandbox{
      {.public_url = {}, .silence = kTheirSilence, .results_pause = base::Milliseconds(1)}, *client, loop, random};
  http::Router router;
  std::unique_ptr<http::Server> server;
  std::optional<threeds::ThreeDsServer> ours;
  std::mutex mutex;
  std::vector<threeds::ChallengeResult> results;
  int results_refused = 0;
};

TEST_F(ThreeDsSandboxTest, ListsTheTestCards) {
  for (const CardScenario& card : card_scenarios()) {
    const auto enrolment = base::sync_wait(ours->find_enrolment(base::Pan(std::string(card.number))));
    ASSERT_TRUE(enrolment) << enrolment.error().detail;
    EXPECT_EQ(enrolment->enrolled, card.three_ds != ThreeDsBehaviour::not_enrolled) << card.number;
    EXPECT_EQ(enrolment->method_url.empty(), card.three_ds != ThreeDsBehaviour::challenge_method) << card.number;
  }
  EXPECT_FALSE(base::sync_wait(ours->find_enrolment(base::Pan("4111111111111111")))->enrolled);
}

struct CardCase {
  std::string card;
  ChallengePreference wish;
  std::int64_t minor;
  TransStatus status;
  std::string eci;
};

TEST_F(ThreeDsSandboxTest, AnswersByCardWishAndAmount) {
  using enum ChallengePreference;
  const CardCase cases[] = {
      {"4970100000000055", unspecified, 5000, TransStatus::authenticated, "05"},
      {"5970100300000067", unspecified, 5000, TransStatus::authenticated, "02"},
      {"5000550000000052", unspecified, 5000, TransStatus::authenticated, "02"},
      {"4917480000000057", unspecified, 5000, TransStatus::authenticated, "05"},
      {"4970100000000055", challenge_wished, 5000, TransStatus::challenge, ""},
      {"4970100000000055", challenge_mandated, 5000, TransStatus::challenge, ""},
      {"4970100000000055", data_only, 5000, TransStatus::informational, "07"},
      {"4970100000000014", unspecified, 5000, TransStatus::challenge, ""},
      {"4970100000000014", no_challenge, 2999, TransStatus::authenticated, "05"},
      {"4970100000000014", no_challenge, 3000, TransStatus::challenge, ""},
      {"375900000010015", unspecified, 5000, TransStatus::challenge, ""},
      {"4970100000000063", unspecified, 5000, TransStatus::authenticated, "05"},
      {"4970100000000071", unspecified, 5000, TransStatus::challenge, ""},
      {"4970110000000401", unspecified, 5000, TransStatus::rejected, "07"},
      {"4970110000000500", unspecified, 5000, TransStatus::attempted, "06"},
      {"4970110000000609", unspecified, 5000, TransStatus::unavailable, "07"},
      {"4970110000000914", unspecified, 5000, TransStatus::unavailable, "07"},
      {"4970110000000914", challenge_mandated, 5000, TransStatus::challenge, ""},
      {"4111111111111111", unspecified, 5000, TransStatus::unavailable, ""},
  };
  for (const CardCase& row : cases) {
    SCOPED_TRACE(row.card + " " + std::to_string(static_cast<int>(row.wish)));
    const auto answer = authenticate(row.card, row.wish, row.minor);
    ASSERT_TRUE(answer) << answer.error().detail << ' ' << answer.error().field;
    EXPECT_EQ(answer->status, row.status);
    EXPECT_EQ(answer->eci, row.eci);
  }
}

TEST_F(ThreeDsSandboxTest, ChallengeWithTheRightCodeAuthenticates) {
  const auto answer = authenticate("4970100000000014");
  ASSERT_TRUE(answer);
  const std::string page = open(*answer);
  EXPECT_THAT(page, HasSubstr("lang=\"fr\""));
  EXPECT_THAT(page, HasSubstr("50,00 EUR"));
  EXPECT_THAT(page, HasSubstr("497010XXXXXX0014"));
  EXPECT_THAT(page, HasSubstr("Boutique &lt;b&gt;"));
  const std::string back = press(page, "confirm", "123456");
  EXPECT_THAT(back, HasSubstr("https://pay.example/back"));
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].status, TransStatus::authenticated);
  EXPECT_EQ(results[0].eci, "05");
  EXPECT_EQ(results[0].cavv.size(), 28U);
  EXPECT_EQ(results[0].server_transaction_id, answer->server_transaction_id);
  EXPECT_EQ(results[0].ds_transaction_id, answer->ds_transaction_id);
  const auto returned = threeds::decode_cres(hidden(back, "cres"));
  ASSERT_TRUE(returned);
  EXPECT_EQ(returned->status, TransStatus::authenticated);
  EXPECT_EQ(returned->acs_transaction_id, answer->acs_transaction_id);
  EXPECT_EQ(threeds::decode_session(hidden(back, "threeDSSessionData")), "session-7");
}

struct EndCase {
  std::string card;
  std::string action;
  std::string code;
  TransStatus status;
  std::string reason;
  std::string cancel;
};

TEST_F(ThreeDsSandboxTest, ChallengeEndsAsTheBuyerOrTheCardDecides) {
  const EndCase cases[] = {
      {"4970100000000014", "cancel", "", TransStatus::not_authenticated, "01", "01"},
      {"4970100000000014", "refuse", "", TransStatus::not_authenticated, "01", ""},
      {"4970100000000071", "confirm", "123456", TransStatus::not_authenticated, "01", ""},
      {"4970110000000021", "confirm", "123456", TransStatus::not_authenticated, "14", "04"},
      {"4970110000000039", "confirm", "123456", TransStatus::authenticated, "", ""},
  };
  for (const EndCase& row : cases) {
    SCOPED_TRACE(row.card + " " + row.action);
    results.clear();
    const std::string back = press(open(*authenticate(row.card)), row.action, row.code);
    ASSERT_EQ(results.size(), 1U);
    EXPECT_EQ(results[0].status, row.status);
    EXPECT_EQ(results[0].reason, row.reason);
    EXPECT_EQ(results[0].cancel, row.cancel);
    EXPECT_EQ(threeds::decode_cres(hidden(back, "cres"))->status, row.status);
  }
}

TEST_F(ThreeDsSandboxTest, ThreeWrongCodesEndTheChallenge) {
  const std::string page = open(*authenticate("4970100000000014", ChallengePreference::unspecified, 5000, "en-GB"));
  EXPECT_THAT(page, HasSubstr("lang=\"en\""));
  EXPECT_THAT(press(page, "confirm", "000000"), HasSubstr("role=\"alert\""));
  EXPECT_THAT(press(page, "confirm", "000000"), HasSubstr("role=\"alert\""));
  EXPECT_TRUE(results.empty());
  EXPECT_THAT(press(page, "confirm", "000000"), HasSubstr("name=\"cres\""));
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].reason, "19");
}

TEST_F(ThreeDsSandboxTest, DoubleClickDecidesOnceAndAReloadGoesBack) {
  const auto answer = authenticate("4970100000000014");
  const std::string page = open(*answer);
  press(page, "confirm", "123456");
  const std::string again = press(page, "cancel");
  EXPECT_EQ(threeds::decode_cres(hidden(again, "cres"))->status, TransStatus::authenticated);
  EXPECT_EQ(threeds::decode_cres(hidden(open(*answer), "cres"))->status, TransStatus::authenticated);
  EXPECT_EQ(results.size(), 1U);
}

TEST_F(ThreeDsSandboxTest, SendsTheResultAgainUntilItIsHeard) {
  results_refused = 2;
  press(open(*authenticate("4970100000000014")), "confirm", "123456");
  EXPECT_EQ(results.size(), 1U);
}

TEST_F(ThreeDsSandboxTest, UnknownChallengesGetAPageOfTheirOwn) {
  EXPECT_THAT(post("/threeds/challenge", {{"creq", "nonsense"}}), HasSubstr("Authentification inconnue"));
  EXPECT_THAT(post("/threeds/challenge", {{"transaction", "nobody"}, {"action", "confirm"}}),
              HasSubstr("Authentification inconnue"));
}

TEST_F(ThreeDsSandboxTest, MethodComesBackWithTheTransaction) {
  const auto enrolment = base::sync_wait(ours->find_enrolment(base::Pan("4970110000001003")));
  ASSERT_TRUE(enrolment);
  const std::string id = threeds::new_transaction_id(random);
  const std::string page =
      post(enrolment->method_url, {{"threeDSMethodData", threeds::method_data(id, "https://pay.example/method")}});
  EXPECT_THAT(page, HasSubstr("action=\"https://pay.example/method\""));
  EXPECT_EQ(threeds::decode_method_data(hidden(page, "threeDSMethodData")), id);
}

struct FaultCase {
  AcsFault fault;
  ErrorCode code;
};

TEST_F(ThreeDsSandboxTest, FaultsLookLikeFaultsToTheServerAndThenEnd) {
  const FaultCase cases[] = {
      {AcsFault::silent, ErrorCode::timed_out},
      {AcsFault::garbage, ErrorCode::protocol_violation},
      {AcsFault::disconnect, ErrorCode::connector_unavailable},
      {AcsFault::refuse, ErrorCode::connector_unavailable},
  };
  for (const FaultCase& row : cases) {
    SCOPED_TRACE(static_cast<int>(row.fault));
    sandbox.order_fault(row.fault, 1);
    start_ours(row.fault == AcsFault::silent ? kShortPatience : kOurPatience);
    const auto failed = authenticate("4970100000000055");
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, row.code) << failed.error().detail;
    start_ours(kOurPatience);
    EXPECT_TRUE(authenticate("4970100000000055"));
  }
}

TEST_F(ThreeDsSandboxTest, AnswersBrokenRequestsWithAnErro) {
  const auto response = base::sync_wait(
      client->send({.method = http::Method::post, .url = server->url() + "/threeds/ds", .headers = {}, .body = "{}"}));
  ASSERT_TRUE(response);
  const auto erro = threeds::parse_message(response->body, {});
  ASSERT_TRUE(erro);
  EXPECT_EQ(erro->get("errorCode"), "101");
  EXPECT_EQ(erro->get("errorComponent"), "D");
}

TEST(CardScenarios, AreAllPayableAndUnique) {
  for (const CardScenario& card : card_scenarios()) {
    EXPECT_TRUE(base::luhn_valid(card.number)) << card.number;
    EXPECT_EQ(find_card_scenario(card.number), &card) << card.number;
    EXPECT_FALSE(card.text_fr.empty() || card.text_en.empty()) << card.number;
  }
}

}  // namespace
}  // namespace acquit::sandbox

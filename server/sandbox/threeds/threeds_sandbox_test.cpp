// Our 3DS Server and the sandbox's directory and issuer, over real HTTP on the loopback.
#include "sandbox/threeds/threeds_sandbox.h"

#include "base/card_numbers.h"
#include "sandbox/threeds/threeds_sandbox_test.h"

namespace acquit::sandbox {
namespace {

using testing::HasSubstr;
using threeds::ChallengePreference;
using threeds::TransStatus;

class ThreeDsSandboxTest : public ThreeDsSandboxFixture {};

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

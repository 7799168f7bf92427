// The results of a challenge as a directory server brings them, also twice, garbled or not at all.
#include <gtest/gtest.h>

#include "connectors/threeds/message.h"
#include "connectors/threeds/three_ds_server.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using payments::AuthenticationState;
using threeds::Component;
using threeds::MessageType;

class ChallengeResultsTest : public FlowFixture {
 protected:
  ChallengeResultsTest() {
    authentication_.result.type = "CHALLENGE";
    authentication_.result.acs_transaction_id = threeds::new_transaction_id(env_->random);
    authentication_.result.ds_transaction_id = threeds::new_transaction_id(env_->random);
    change([this](db::Tx& tx) { return pay_pages_->authentications.add(tx, authentication_); });
  }

  [[nodiscard]] std::string rreq(std::string_view status) const {
    base::JsonValue message = threeds::new_message(MessageType::rreq, authentication_.version);
    message.add_text("threeDSServerTransID", authentication_.server_transaction_id);
    message.add_text("acsTransID", authentication_.result.acs_transaction_id);
    message.add_text("dsTransID", authentication_.result.ds_transaction_id);
    message.add_text("messageCategory", "01");
    message.add_text("transStatus", status);
    if (status == "Y") message.add_text("authenticationValue", "AAABBZEEBgAAAAAAAAQGAAAAAAA=");
    message.add_text("transStatusReason", status == "Y" ? "" : "01");
    message.add_text("authenticationType", "02");
    message.add_text("interactionCounter", "01");
    message.add_text("eci", status == "Y" ? "05" : "07");
    return base::to_json(message);
  }
  /// To the address that was given out for it.
  http::Response bring(std::string body) {
    const auto document = base::parse_json(body, 1U << 20U);
    const std::string id(document ? document->root.get("threeDSServerTransID") : std::string_view());
    return bring_to(below_results(form::kShop, base::ascii_lower(id)), std::move(body));
  }
  /// "12345678/<22 characters>"
  [[nodiscard]] std::string below_results(base::ShopId shop, std::string_view id) const {
    return base::to_string(shop) + "/" + secret_of(shop, id);
  }
  [[nodiscard]] std::string secret_of(base::ShopId shop, std::string_view id) const {
    return payments::results_address(*env_->node().vault, shop, id).secret;
  }
  http::Response bring_to(const std::string& path, std::string body) {
    return call({.method = http::Method::post,
                 .path = "/3ds/results" + (path.empty() ? "" : "/" + path),
                 .body = std::move(body)});
  }
  payments::Authentication stored_one() {
    return *must(base::sync_wait(env_->node().database->read([this](db::ReadTx& tx) {
      return pay_pages_->authentications.find(tx, authentication_.shop, authentication_.id);
    })));
  }

  payments::Authentication authentication_{.shop = form::kShop,
                                           .id = payments::AuthenticationId::make(env_->clock, env_->random),
                                           .payment = payments::PaymentId::make(env_->clock, env_->random),
                                           .transaction = payments::TransactionId::make(env_->clock, env_->random),
                                           .server_transaction_id = threeds::new_transaction_id(env_->random),
                                           .state = AuthenticationState::challenge,
                                           .version = threeds::Version::v220,
                                           .browser = {},
                                           .result = {},
                                           .mandated = false,
                                           .acs_url = "https://acs.example/"};
};

TEST_F(ChallengeResultsTest, ThatComeTwiceAreAnsweredTheSameAndCountOnce) {
  const http::Response first = bring(rreq("Y"));
  EXPECT_EQ(first.status, 200);
  const auto receipt = threeds::parse_message(first.body, {MessageType::rres});
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->type, MessageType::rres);
  EXPECT_EQ(receipt->get("resultsStatus"), "01");
  const payments::AuthenticationResult result = stored_one().result;
  EXPECT_TRUE(result.has_proof());
  EXPECT_EQ(stored_one().state, AuthenticationState::ended);
  // The second one as it was, the third one with another word: what was heard first stands.
  for (const std::string_view status : {"Y", "N"}) {
    const http::Response again = bring(rreq(status));
    EXPECT_EQ(again.status, 200) << status;
    EXPECT_EQ(again.body, first.body) << status;
    EXPECT_EQ(stored_one().result, result) << status;
  }
}

TEST_F(ChallengeResultsTest, ThatCannotBeReadAreToldSoAndLeaveTheChallengeOpen) {
  const std::string good = rreq("Y");
  for (const std::string& body : {std::string("\x01\xFF{\"messageType\":"), good.substr(0, good.size() / 2),
                                  std::string(), std::string("[]"), std::string(R"({"messageType":"RReq"})")}) {
    const http::Response answer = bring(body);
    EXPECT_EQ(answer.status, 200) << body;
    const auto erro = threeds::parse_message(answer.body, {});
    ASSERT_TRUE(erro) << answer.body;
    EXPECT_EQ(erro->type, MessageType::erro);
    EXPECT_EQ(erro->get("errorComponent"), "S");
    EXPECT_EQ(stored_one().state, AuthenticationState::challenge) << body;
  }
  EXPECT_EQ(threeds::parse_message(bring(good).body, {MessageType::rres})->type, MessageType::rres);
  EXPECT_TRUE(stored_one().result.has_proof());
}

TEST_F(ChallengeResultsTest, ThatDoNotBelongToItAreAnsweredWithTheirFaultAndChangeNothing) {
  const std::string good = rreq("Y");
  const std::string other = threeds::new_transaction_id(env_->random);
  const auto& result = authentication_.result;
  const struct {
    std::string from;
    std::string to;
    const char* code;
    const char* field;
  } rows[] = {
      {authentication_.server_transaction_id, other, "301", "threeDSServerTransID"},
      {result.acs_transaction_id, other, "301", "acsTransID"},
      {result.ds_transaction_id, other, "301", "dsTransID"},
      {R"("messageCategory":"01")", R"("messageCategory":"02")", "203", "messageCategory"},
      {R"("messageVersion":"2.2.0")", R"("messageVersion":"2.1.0")", "203", "messageVersion"},
      {R"("transStatus":"Y")", R"("transStatus":"Y","challengeCancel":"01")", "203", "challengeCancel"},
      {R"("AAABBZEEBgAAAAAAAAQGAAAAAAA=")", R"("AAAB")", "203", "authenticationValue"},
      {R"("messageVersion":"2.2.0")", R"("messageVersion":"2.3.1")", "102", "2.1.0,2.2.0"},
  };
  for (const auto& row : rows) {
    std::string body = good;
    body.replace(body.find(row.from), row.from.size(), row.to);
    const auto erro = threeds::parse_message(bring(body).body, {});
    ASSERT_TRUE(erro) << row.field;
    EXPECT_EQ(erro->type, MessageType::erro) << row.field;
    EXPECT_EQ(erro->get("errorCode"), row.code) << row.field;
    EXPECT_EQ(erro->get("errorDetail"), row.field);
    EXPECT_EQ(erro->get("errorMessageType"), "RReq");
    EXPECT_EQ(stored_one().state, AuthenticationState::challenge) << row.field;
    EXPECT_EQ(stored_one().result, authentication_.result) << row.field;
  }
}

TEST_F(ChallengeResultsTest, ThatDoNotKnowTheSecretOfTheirAddressAreDenied) {
  const std::string& id = authentication_.server_transaction_id;
  const std::string good = below_results(form::kShop, id);
  const std::string paths[] = {
      "",
      "12345678/" + std::string(22, 'A'),
      good.substr(0, good.size() - 1),
      good + "A",
      good.substr(0, good.find('/')) + "/x",
      below_results(form::kShop, threeds::new_transaction_id(env_->random)),
      base::to_string(form::kShop) + "/" + secret_of(base::ShopId(87'654'321), id),
      "shop/" + good.substr(good.find('/') + 1),
  };
  for (const std::string& path : paths) {
    const auto erro = threeds::parse_message(bring_to(path, rreq("Y")).body, {});
    ASSERT_TRUE(erro) << path;
    EXPECT_EQ(erro->get("errorCode"), "303") << path;
    EXPECT_EQ(stored_one().state, AuthenticationState::challenge) << path;
  }
  // An address of another shop that is right in itself.
  const auto other = threeds::parse_message(bring_to(below_results(base::ShopId(87'654'321), id), rreq("Y")).body, {});
  EXPECT_EQ(other->get("errorCode"), "301");
  EXPECT_EQ(stored_one().state, AuthenticationState::challenge);
  EXPECT_EQ(threeds::parse_message(bring_to(good, rreq("Y")).body, {MessageType::rres})->type, MessageType::rres);
}

TEST_F(ChallengeResultsTest, MayNameTheirTransactionsInCapitals) {
  std::string body = rreq("Y");
  for (const std::string& id : {authentication_.server_transaction_id, authentication_.result.acs_transaction_id,
                                authentication_.result.ds_transaction_id}) {
    body.replace(body.find(id), id.size(), base::ascii_upper(id));
  }
  EXPECT_EQ(threeds::parse_message(bring(body).body, {MessageType::rres})->type, MessageType::rres);
  EXPECT_TRUE(stored_one().result.has_proof());
}

TEST_F(ChallengeResultsTest, OfAnAuthenticationWithoutAChallengeAreUnknown) {
  for (const AuthenticationState state : {AuthenticationState::method, AuthenticationState::ended}) {
    authentication_.id = payments::AuthenticationId::make(env_->clock, env_->random);
    authentication_.server_transaction_id = threeds::new_transaction_id(env_->random);
    authentication_.state = state;
    authentication_.result.type = state == AuthenticationState::ended ? "FRICTIONLESS" : "";
    change([this](db::Tx& tx) { return pay_pages_->authentications.add(tx, authentication_); });
    EXPECT_EQ(threeds::parse_message(bring(rreq("Y")).body, {})->get("errorCode"), "301");
    EXPECT_EQ(stored_one().result, authentication_.result);
  }
}

}  // namespace
}  // namespace acquit::web

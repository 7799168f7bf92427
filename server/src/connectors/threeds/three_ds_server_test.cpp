#include "connectors/threeds/three_ds_server.h"

#include <gmock/gmock.h>

#include <deque>
#include <functional>

#include "base/ascii.h"
#include "base/manual_clock.h"
#include "connectors/threeds/answers.h"
#include "connectors/threeds/message.h"
#include "http/client.h"

namespace acquit::threeds {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using Answer = base::Result<http::IncomingResponse>;

constexpr std::string_view kAcsId = "77bbb905-1ac1-464d-9b5f-3f5bdc43ffe4";
constexpr std::string_view kDsId = "1d042cf8-a44c-4111-a057-723b95e403d2";

Answer said(std::string body, int status = 200) {
  return http::IncomingResponse{.status = status, .headers = {}, .body = std::move(body)};
}

// A directory server that answers from a script.
class ScriptedClient final : public http::Client {
 public:
  base::Task<Answer> send(http::OutgoingRequest request) override {
    sent.push_back(request.body);
    if (script.empty()) co_return base::fail(ErrorCode::connection_failed, "refused");
    auto next = std::move(script.front());
    script.pop_front();
    co_return next(request.body);
  }
  void stop() override {}
  void then(std::function<Answer(const std::string&)> answer) { script.push_back(std::move(answer)); }

  std::deque<std::function<Answer(const std::string&)>> script;
  std::vector<std::string> sent;
};

base::JsonValue reply(const std::string& request, MessageType type) {
  const auto document = base::parse_json(request, 1U << 20U);
  base::JsonValue message = new_message(type, Version::v220);
  message.add_text("threeDSServerTransID", document->root.get("threeDSServerTransID"));
  message.add_text("dsTransID", kDsId);
  return message;
}

Answer pres(const std::string& request, std::string_view serial, std::string_view ranges) {
  base::JsonValue message = reply(request, MessageType::pres);
  message.add_text("dsStartProtocolVersion", "2.1.0");
  message.add_text("dsEndProtocolVersion", "2.2.0");
  message.add_text("serialNum", serial);
  if (!ranges.empty()) message.add("cardRangeData", base::parse_json(ranges, 1U << 20U)->root);
  return said(base::to_json(message));
}

Answer ares(const std::string& request) {
  base::JsonValue message = reply(request, MessageType::ares);
  message.add_text("acsTransID", kAcsId);
  message.add_text("acsReferenceNumber", "ACS");
  message.add_text("dsReferenceNumber", "DS");
  message.add_text("transStatus", "Y");
  message.add_text("eci", "05");
  message.add_text("authenticationValue", "AAABBZEEBgAAAAAAAAQGAAAAAAA=");
  return said(base::to_json(message));
}

Answer erro(int code) {
  return said(to_erro({.code = static_cast<ProtocolErrorCode>(code), .detail = "x"}, Component::directory));
}

constexpr std::string_view kRanges =
    R"([{"startRange":"4970100000000000","endRange":"4970109999999999","actionInd":"A",)"
    R"("acsStartProtocolVersion":"2.1.0","acsEndProtocolVersion":"2.1.0","threeDSMethodURL":"https://acs.example/m"}])";
constexpr std::string_view kRemoval =
    R"([{"startRange":"4970100000000000","endRange":"4970109999999999","actionInd":"D"}])";

class ThreeDsServerTest : public testing::Test {
 protected:
  base::Result<Enrolment> enrolment(std::string pan = "4970100000000055") {
    return base::sync_wait(server.find_enrolment(base::Pan(std::move(pan))));
  }
  base::Result<AuthenticationAnswer> authenticate() { return ask(server); }
  base::Result<AuthenticationAnswer> ask(ThreeDsServer& of) {
    return base::sync_wait(of.authenticate(
        {.server_transaction_id = new_transaction_id(random),
         .requestor = {.id = "69876357", .name = "Shop", .url = "https://shop.example"},
         .merchant = {.acquirer_bin = "400551",
                      .acquirer_merchant_id = "1697368395",
                      .name = "Shop",
                      .category_code = "5411",
                      .country = 250},
         .card = {.pan = base::Pan("4970100000000055"), .expiry_year = 2028, .expiry_month = 6, .holder = {}},
         .amount = base::Money(1230, *base::Currency::from_code("EUR")),
         .purchase_time = clock.now(),
         .browser = {},
         .notification_url = "https://pay.example/back",
         .results_url = results_url}));
  }

  std::string results_url = "https://pay.example/3ds";
  base::ManualClock clock;
  base::SeededRandom random{1};
  ScriptedClient client;
  ThreeDsServer server{{.directory_url = "https://ds.example", .operator_id = {}}, client, clock, random};
};

TEST_F(ThreeDsServerTest, FetchesTheRangesOnceAndLooksCardsUp) {
  client.then([](const std::string& request) { return pres(request, "1", kRanges); });
  const auto inside = enrolment();
  ASSERT_TRUE(inside);
  EXPECT_TRUE(inside->enrolled);
  EXPECT_EQ(inside->version, Version::v210);
  EXPECT_EQ(inside->method_url, "https://acs.example/m");
  const auto outside = enrolment("5100010000000106");
  ASSERT_TRUE(outside);
  EXPECT_FALSE(outside->enrolled);
  EXPECT_EQ(client.sent.size(), 1U);
  EXPECT_TRUE(parse_message(client.sent[0], {MessageType::preq}));
}

TEST_F(ThreeDsServerTest, FetchesOnlyChangesAfterADay) {
  client.then([](const std::string& request) { return pres(request, "7", kRanges); });
  client.then([](const std::string& request) { return pres(request, "8", ""); });
  client.then([](const std::string& request) { return pres(request, "9", kRemoval); });
  EXPECT_TRUE(enrolment()->enrolled);
  clock.advance(std::chrono::hours(25));
  EXPECT_TRUE(enrolment()->enrolled);
  EXPECT_THAT(client.sent[1], HasSubstr(R"("serialNum":"7")"));
  clock.advance(std::chrono::hours(25));
  EXPECT_FALSE(enrolment()->enrolled);
  EXPECT_THAT(client.sent[2], HasSubstr(R"("serialNum":"8")"));
}

TEST_F(ThreeDsServerTest, FetchesEverythingWhenItsSerialNumberIsUnknown) {
  client.then([](const std::string& request) { return pres(request, "7", kRanges); });
  client.then([](const std::string&) { return erro(307); });
  client.then([](const std::string& request) { return pres(request, "1", kRanges); });
  EXPECT_TRUE(enrolment()->enrolled);
  EXPECT_TRUE(base::sync_wait(server.refresh_ranges()));
  ASSERT_EQ(client.sent.size(), 3U);
  EXPECT_THAT(client.sent[2], Not(HasSubstr("serialNum")));
  EXPECT_TRUE(enrolment()->enrolled);
}

TEST_F(ThreeDsServerTest, KeepsAnOldListWhenTheDirectoryIsAway) {
  client.then([](const std::string& request) { return pres(request, "7", kRanges); });
  EXPECT_TRUE(enrolment()->enrolled);
  clock.advance(std::chrono::hours(25));
  EXPECT_TRUE(enrolment()->enrolled);
  EXPECT_EQ(client.sent.size(), 2U);
  EXPECT_TRUE(enrolment()->enrolled);
  EXPECT_EQ(client.sent.size(), 2U);
}

TEST_F(ThreeDsServerTest, DoesNotHammerADirectoryThatIsAway) {
  EXPECT_EQ(enrolment().error().code, ErrorCode::connector_unavailable);
  EXPECT_EQ(enrolment().error().code, ErrorCode::connector_unavailable);
  EXPECT_EQ(client.sent.size(), 1U);
  clock.advance(std::chrono::seconds(31));
  client.then([](const std::string& request) { return pres(request, "7", kRanges); });
  EXPECT_TRUE(enrolment()->enrolled);
}

TEST_F(ThreeDsServerTest, GivesTheAnswerOfTheIssuer) {
  client.then(ares);
  const auto answer = authenticate();
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, TransStatus::authenticated);
  EXPECT_EQ(answer->eci, "05");
  EXPECT_EQ(answer->cavv.size(), 28U);
  EXPECT_EQ(answer->acs_transaction_id, kAcsId);
}

struct FailureCase {
  const char* name;
  Answer answer;
  ErrorCode code;
};

TEST_F(ThreeDsServerTest, NamesEveryFailureSoThatThePaymentCanGoOn) {
  const FailureCase cases[] = {
      {"time-out", base::fail(ErrorCode::timed_out), ErrorCode::timed_out},
      {"no connection", base::fail(ErrorCode::connection_failed), ErrorCode::connector_unavailable},
      {"forbidden address", base::fail(ErrorCode::address_not_allowed), ErrorCode::address_not_allowed},
      {"unusable address", base::fail(ErrorCode::field_format), ErrorCode::field_format},
      {"HTTP 503", said("", 503), ErrorCode::connector_unavailable},
      {"HTTP 404", said("not here", 404), ErrorCode::protocol_violation},
      {"garbage", said("\x01\x02"), ErrorCode::protocol_violation},
      {"Erro 101", erro(101), ErrorCode::protocol_violation},
      {"Erro 203", erro(203), ErrorCode::protocol_violation},
      {"Erro 303", erro(303), ErrorCode::protocol_violation},
      {"Erro 402", erro(402), ErrorCode::timed_out},
      {"Erro 403", erro(403), ErrorCode::connector_unavailable},
      {"Erro 404", erro(404), ErrorCode::connector_unavailable},
      {"Erro 405", erro(405), ErrorCode::connector_unavailable},
  };
  for (const FailureCase& row : cases) {
    client.script.clear();
    client.then([&](const std::string&) { return row.answer; });
    const auto answer = authenticate();
    ASSERT_FALSE(answer) << row.name;
    EXPECT_EQ(answer.error().code, row.code) << row.name;
  }
}

TEST_F(ThreeDsServerTest, TellsItsOwnFaultsFromThoseOfTheDirectory) {
  client.then([](const std::string&) { return erro(203); });
  EXPECT_FALSE(is_our_fault(authenticate().error()));
  EXPECT_FALSE(is_our_fault(authenticate().error())) << "nobody there";
  EXPECT_TRUE(server.fit());
  EXPECT_EQ(server.counters().refused, 1U);
  EXPECT_EQ(server.counters().failed, 2U);
  EXPECT_EQ(server.own_faults(), 0U);
  client.then([](const std::string&) { return Answer(base::fail(ErrorCode::address_not_allowed)); });
  EXPECT_TRUE(is_our_fault(authenticate().error()));
  EXPECT_EQ(server.own_faults(), 1U);
  EXPECT_FALSE(server.fit());
  clock.advance(std::chrono::minutes(15));
  EXPECT_TRUE(server.fit()) << "long ago";
}

TEST_F(ThreeDsServerTest, CountsARequestThatItCannotBuildAsItsOwnFault) {
  results_url = "pay.example/3ds";
  const auto refused = authenticate();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_our_fault(refused.error()));
  EXPECT_EQ(refused.error().field, "threeDSServerURL");
  EXPECT_EQ(server.own_faults(), 1U);
  EXPECT_FALSE(server.fit());
  EXPECT_TRUE(client.sent.empty());
}

TEST_F(ThreeDsServerTest, AsksNobodyWhereThereIsNoDirectory) {
  ThreeDsServer none{{}, client, clock, random};
  EXPECT_EQ(base::sync_wait(none.find_enrolment(base::Pan("4970100000000055"))).error().code,
            ErrorCode::connector_unavailable);
  EXPECT_TRUE(client.sent.empty());
  EXPECT_TRUE(none.fit());
  EXPECT_EQ(none.counters().failed, 0U);
}

TEST_F(ThreeDsServerTest, TellsTheDirectoryWhatWasWrongWithItsAnswer) {
  client.then([](const std::string& request) {
    std::string text = ares(request)->body;
    return said(text.replace(text.find("\"eci\":\"05\""), 10, "\"eci\":\"5\""));
  });
  EXPECT_EQ(authenticate().error().field, "eci");
  ASSERT_EQ(client.sent.size(), 2U);
  const auto report = parse_message(client.sent[1], {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->get("errorCode"), "203");
  EXPECT_EQ(report->get("errorComponent"), "S");
}

// The same list, its pages in clear.
Answer unsafe_ranges(const std::string& request) {
  std::string ranges(kRanges);
  ranges.replace(ranges.find("https://acs"), 11, "http://acs");
  return pres(request, "1", ranges);
}

// The issuer's answer with `from` replaced.
Answer changed(const std::string& request, std::string_view from, std::string_view to) {
  std::string text = ares(request)->body;
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("no such part of the answer");
  return said(text.replace(at, from.size(), to));
}

constexpr std::string_view kChallengeAt =
    R"("transStatus":"C","acsChallengeMandated":"Y","authenticationType":"02","acsURL":")";

TEST_F(ThreeDsServerTest, RefusesAnAnswerThatDoesNotBelongToItsRequestAndSaysWhy) {
  const std::string http = std::string(kChallengeAt) + "http://acs.example/c\"";
  const struct {
    const char* what;
    std::function<Answer(const std::string&)> answer;
    const char* code;
    const char* field;
  } rows[] = {
      {"another transaction",
       [](const std::string&) { return ares(R"({"threeDSServerTransID":"00000000-0000-4000-8000-000000000000"})"); },
       "301", "threeDSServerTransID"},
      {"another version", [](const std::string& request) { return changed(request, "2.2.0", "2.1.0"); }, "203",
       "messageVersion"},
      {"an issuer's page in clear",
       [&](const std::string& request) { return changed(request, R"("transStatus":"Y")", http); }, "203", "acsURL"},
  };
  for (const auto& row : rows) {
    client.sent.clear();
    client.then(row.answer);
    const auto answer = authenticate();
    ASSERT_FALSE(answer) << row.what;
    EXPECT_EQ(answer.error().code, ErrorCode::protocol_violation) << row.what;
    EXPECT_EQ(answer.error().field, row.field) << row.what;
    ASSERT_EQ(client.sent.size(), 2U) << row.what;
    const auto report = parse_message(client.sent[1], {});
    ASSERT_TRUE(report) << row.what;
    EXPECT_EQ(report->get("errorCode"), row.code) << row.what;
    EXPECT_EQ(report->get("errorDetail"), row.field) << row.what;
    EXPECT_EQ(report->get("errorMessageType"), "ARes") << row.what;
    EXPECT_EQ(report->get("acsTransID"), kAcsId) << row.what;
  }
}

TEST_F(ThreeDsServerTest, TakesIdsInCapitalsAndKeepsItsOwnSpelling) {
  client.then([](const std::string& request) {
    const std::string id(base::parse_json(request, 1U << 20U)->root.get("threeDSServerTransID"));
    return changed(request, id, base::ascii_upper(id));
  });
  const auto answer = authenticate();
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->server_transaction_id, base::ascii_lower(answer->server_transaction_id));
  EXPECT_TRUE(same_id("ab-1", "AB-1"));
  EXPECT_FALSE(same_id("ab-1", "ab-2"));
}

TEST_F(ThreeDsServerTest, TakesAnIssuersPageInClearOnlyWhereTheDirectoryIsOne) {
  ThreeDsServer sandbox{{.directory_url = "http://127.0.0.1/ds"}, client, clock, random};
  client.then(unsafe_ranges);
  EXPECT_EQ(base::sync_wait(sandbox.find_enrolment(base::Pan("4970100000000055")))->method_url, "http://acs.example/m");
  const std::string http = std::string(kChallengeAt) + "http://acs.example/c\"";
  client.then([&](const std::string& request) { return changed(request, R"("transStatus":"Y")", http); });
  EXPECT_EQ(ask(sandbox)->acs_url, "http://acs.example/c");
  client.then(unsafe_ranges);
  const auto safe = enrolment();
  EXPECT_TRUE(safe->enrolled);
  EXPECT_EQ(safe->method_url, "") << "the card does without the 3DS Method";
}

TEST_F(ThreeDsServerTest, RefusesTheRangesOfAnotherTransaction) {
  client.then([](const std::string&) {
    return pres(R"({"threeDSServerTransID":"00000000-0000-4000-8000-000000000000"})", "1", kRanges);
  });
  EXPECT_EQ(enrolment().error().code, ErrorCode::protocol_violation);
  ASSERT_EQ(client.sent.size(), 2U);
  EXPECT_EQ(parse_message(client.sent[1], {})->get("errorCode"), "301");
}

std::string rreq(std::string_view status, std::string_view more) {
  return R"({"messageType":"RReq","messageVersion":"2.2.0","messageCategory":"01","interactionCounter":"02",)"
         R"("authenticationType":"02","threeDSServerTransID":"5201a899-749a-4300-841b-24a870565b51","acsTransID":")" +
         std::string(kAcsId) + R"(","dsTransID":")" + std::string(kDsId) + R"(","transStatus":")" +
         std::string(status) + '"' + std::string(more) + "}";
}

TEST(ReadResults, GivesTheResultAndItsReceipt) {
  const Results results = read_results(rreq("N", R"(,"transStatusReason":"01","challengeCancel":"01")"));
  ASSERT_TRUE(results.result);
  EXPECT_EQ(results.result->status, TransStatus::not_authenticated);
  EXPECT_EQ(results.result->cancel, "01");
  EXPECT_EQ(results.result->interactions, 2);
  const auto receipt = parse_message(results.answer, {MessageType::rres});
  ASSERT_TRUE(receipt) << receipt.error().detail;
  EXPECT_EQ(receipt->get("resultsStatus"), "01");
  EXPECT_EQ(receipt->get("acsTransID"), kAcsId);
  const auto unknown =
      parse_message(refusal_of(*results.result, ProtocolErrorCode::transaction_unknown, "acsTransID"), {});
  ASSERT_TRUE(unknown);
  EXPECT_EQ(unknown->get("errorCode"), "301");
  EXPECT_EQ(unknown->get("errorDetail"), "acsTransID");
}

TEST(ReadResults, AnswersErrorsButNeverAnErro) {
  const Results broken = read_results(rreq("Y", ""));
  EXPECT_FALSE(broken.result);
  EXPECT_EQ(parse_message(broken.answer, {})->get("errorDetail"), "authenticationValue");
  EXPECT_EQ(parse_message(read_results("x").answer, {})->get("errorCode"), "101");
  EXPECT_EQ(read_results(to_erro({}, Component::acs)).answer, "");
  EXPECT_EQ(read_results(R"({"messageType":"Erro","messageVersion":"2.2.0"})").answer, "");
}

}  // namespace
}  // namespace acquit::threeds

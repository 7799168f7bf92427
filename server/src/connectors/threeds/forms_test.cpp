#include "connectors/threeds/forms.h"

#include <gtest/gtest.h>

#include <set>

#include "base/base64.h"
#include "base/bytes.h"
#include "connectors/threeds/message.h"

namespace acquit::threeds {
namespace {

using base::ErrorCode;

constexpr std::string_view kServerId = "5201a899-749a-4300-841b-24a870565b51";
constexpr std::string_view kAcsId = "77bbb905-1ac1-464d-9b5f-3f5bdc43ffe4";

AuthenticationAnswer challenge() {
  return {.version = Version::v210,
          .server_transaction_id = std::string(kServerId),
          .acs_transaction_id = std::string(kAcsId),
          .ds_transaction_id = {},
          .acs_reference_number = {},
          .ds_reference_number = {},
          .status = TransStatus::challenge,
          .reason = {},
          .eci = {},
          .cavv = {},
          .acs_url = "https://acs.example/challenge",
          .authentication_type = {},
          .cardholder_info = {}};
}

std::string encode(std::string_view text) { return base::to_base64url(base::as_bytes(text)); }

TEST(ChallengeForm, CarriesAValidCreqAndTheSession) {
  const auto form = challenge_form(challenge(), WindowSize::w390x400, "token=abc/é");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->acs_url, "https://acs.example/challenge");
  EXPECT_EQ(form->creq.find('='), std::string::npos);
  const auto creq = parse_message(decode_form_value(form->creq), {MessageType::creq});
  ASSERT_TRUE(creq) << creq.error().detail;
  EXPECT_EQ(creq->version, Version::v210);
  EXPECT_EQ(creq->get("challengeWindowSize"), "02");
  EXPECT_EQ(decode_session(form->session_data), "token=abc/é");
}

TEST(ChallengeForm, NeedsAChallengeAndAShortSession) {
  AuthenticationAnswer answer = challenge();
  EXPECT_EQ(challenge_form(answer, WindowSize::full, std::string(769, 'x')).error().code, ErrorCode::field_too_long);
  EXPECT_LE(challenge_form(answer, WindowSize::full, std::string(768, 'x'))->session_data.size(), 1024U);
  answer.status = TransStatus::authenticated;
  EXPECT_EQ(challenge_form(answer, WindowSize::full, "").error().code, ErrorCode::wrong_state);
}

TEST(MethodData, ComesBackWithItsTransaction) {
  const std::string data = method_data(kServerId, "https://pay.example/method");
  EXPECT_EQ(decode_method_data(data), std::string(kServerId));
  EXPECT_EQ(decode_method_data(data + std::string((4 - data.size() % 4) % 4, '=')), std::string(kServerId));
  EXPECT_EQ(decode_method_data("!").error().code, ErrorCode::protocol_violation);
  EXPECT_EQ(decode_method_data(encode(R"({"threeDSServerTransID":"x"})")).error().code, ErrorCode::protocol_violation);
}

TEST(DecodeCres, GivesTheTransactionAndRefusesEverythingElse) {
  const std::string cres = R"({"messageType":"CRes","messageVersion":"2.2.0","threeDSServerTransID":")" +
                           std::string(kServerId) + R"(","acsTransID":")" + std::string(kAcsId) +
                           R"(","transStatus":"Y"})";
  const auto back = decode_cres(encode(cres));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->server_transaction_id, kServerId);
  EXPECT_EQ(back->acs_transaction_id, kAcsId);
  EXPECT_EQ(back->status, TransStatus::authenticated);
  for (const std::string& bad : {std::string("%%%"), encode("{}"), encode(cres.substr(1)),
                                 encode(to_erro({.message_type = "CReq"}, Component::acs))}) {
    EXPECT_EQ(decode_cres(bad).error().code, ErrorCode::protocol_violation) << bad;
  }
}

TEST(TransactionId, IsARandomUuidOfVersion4) {
  base::SeededRandom random(7);
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string id = new_transaction_id(random);
    EXPECT_EQ(check_format({.kind = FormatKind::uuid}, id), Defect::none) << id;
    EXPECT_EQ(id[14], '4') << id;
    EXPECT_NE(std::string_view("89ab").find(id[19]), std::string_view::npos) << id;
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 200U);
}

}  // namespace
}  // namespace acquit::threeds

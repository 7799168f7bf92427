#include "connectors/threeds/message.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace acquit::threeds {
namespace {

using enum ProtocolErrorCode;

constexpr std::string_view kServerId = "5201a899-749a-4300-841b-24a870565b51";
constexpr std::string_view kAcsId = "77bbb905-1ac1-464d-9b5f-3f5bdc43ffe4";
constexpr std::string_view kDsId = "1d042cf8-a44c-4111-a057-723b95e403d2";
constexpr std::string_view kProof = "AAABBZEEBgAAAAAAAAQGAAAAAAA=";

base::JsonValue sample(MessageType type, Version version = Version::v220) {
  base::JsonValue message = new_message(type, version);
  message.add_text("threeDSServerTransID", kServerId);
  if (type != MessageType::preq && type != MessageType::pres && type != MessageType::areq) {
    message.add_text("acsTransID", kAcsId);
  }
  return message;
}

base::JsonValue areq(Version version = Version::v220) {
  base::JsonValue message = sample(MessageType::areq, version);
  const std::pair<std::string_view, std::string_view> fields[] = {
      {"messageCategory", "01"},
      {"deviceChannel", "02"},
      {"threeDSServerRefNumber", "REF"},
      {"threeDSServerURL", "https://pay.example/3ds"},
      {"threeDSRequestorID", "69876357"},
      {"threeDSRequestorName", "Shop"},
      {"threeDSRequestorURL", "https://shop.example"},
      {"threeDSRequestorAuthenticationInd", "01"},
      {"threeDSCompInd", "U"},
      {"acctNumber", "4970100000000055"},
      {"acquirerBIN", "400551"},
      {"acquirerMerchantID", "1697368395"},
      {"mcc", "5999"},
      {"merchantCountryCode", "250"},
      {"merchantName", "Shop"},
      {"purchaseAmount", "1230"},
      {"purchaseCurrency", "978"},
      {"purchaseExponent", "2"},
      {"purchaseDate", "20260102030405"},
      {"browserAcceptHeader", "*/*"},
      {"browserLanguage", "fr-FR"},
      {"browserColorDepth", "24"},
      {"browserScreenHeight", "844"},
      {"browserScreenWidth", "390"},
      {"browserTZ", "-60"},
      {"browserUserAgent", "Mozilla/5.0"},
      {"notificationURL", "https://pay.example/back"},
  };
  for (const auto& [name, value] : fields) message.add_text(name, value);
  message.add("browserJavaEnabled", base::JsonValue::of_flag(false));
  if (version >= Version::v220) message.add("browserJavascriptEnabled", base::JsonValue::of_flag(true));
  return message;
}

base::JsonValue ares(std::string_view status, Version version = Version::v220) {
  base::JsonValue message = sample(MessageType::ares, version);
  message.add_text("dsTransID", kDsId);
  message.add_text("acsReferenceNumber", "ACS");
  message.add_text("dsReferenceNumber", "DS");
  message.add_text("transStatus", status);
  return message;
}

base::JsonValue rreq(std::string_view status) {
  base::JsonValue message = sample(MessageType::rreq);
  message.add_text("dsTransID", kDsId);
  message.add_text("messageCategory", "01");
  message.add_text("transStatus", status);
  message.add_text("authenticationType", "02");
  message.add_text("interactionCounter", "01");
  return message;
}

void set(base::JsonValue& object, std::string_view path, std::optional<base::JsonValue> value) {
  const std::size_t dot = path.find('.');
  const std::string_view name = path.substr(0, dot);
  if (dot != path.npos) {
    const auto member = std::ranges::find(object.members, name, &base::JsonMember::name);
    if (member != object.members.end()) set(member->value, path.substr(dot + 1), std::move(value));
    return;
  }
  std::erase_if(object.members, [&](const base::JsonMember& member) { return member.name == name; });
  if (value) object.add(name, *std::move(value));
}

base::JsonValue with(base::JsonValue message, std::string_view name, std::string_view value) {
  set(message, name, base::JsonValue::of(value));
  return message;
}
base::JsonValue without(base::JsonValue message, std::string_view name) {
  set(message, name, std::nullopt);
  return message;
}
base::JsonValue with_value(base::JsonValue message, std::string_view name, std::string_view json) {
  set(message, name, base::parse_json(json, 1U << 20U)->root);
  return message;
}

std::expected<EmvMessage, ProtocolError> parse(const base::JsonValue& message) {
  return parse_message(base::to_json(message), {*parse_message_type(message.get("messageType"))});
}

struct BadCase {
  std::string_view name;
  base::JsonValue message;
  ProtocolErrorCode code;
  std::string_view detail;
};

std::vector<BadCase> bad_requests() {
  return {
      {"required field missing", without(areq(), "acctNumber"), element_missing, "acctNumber"},
      {"two missing, both named", without(without(areq(), "mcc"), "purchaseDate"), element_missing, "mcc,purchaseDate"},
      {"screen missing with scripts", without(areq(), "browserScreenWidth"), element_missing, "browserScreenWidth"},
      {"screen missing in 2.1.0", without(areq(Version::v210), "browserTZ"), element_missing, "browserTZ"},
      {"script flag missing", without(areq(), "browserJavascriptEnabled"), element_missing, "browserJavascriptEnabled"},
      {"instalment without plan", with(areq(), "threeDSRequestorAuthenticationInd", "03"), element_missing,
       "purchaseInstalData,recurringExpiry,recurringFrequency"},
      {"state without country", with(areq(), "billAddrState", "75"), element_missing, "billAddrCountry"},
      {"phone without country code", with_value(areq(), "homePhone", R"({"subscriber":"1"})"), element_missing,
       "homePhone.cc"},
      {"merchant-initiated without reason", with(areq(), "deviceChannel", "03"), element_missing, "threeRIInd"},
      {"card number too short", with(areq(), "acctNumber", "497010000000"), format_invalid, "acctNumber"},
      {"card number too long", with(areq(), "acctNumber", "49701000000000550000"), format_invalid, "acctNumber"},
      {"card number with letters", with(areq(), "acctNumber", "497010000000005X"), format_invalid, "acctNumber"},
      {"expiry in month 13", with(areq(), "cardExpiryDate", "2713"), format_invalid, "cardExpiryDate"},
      {"holder of one letter", with(areq(), "cardholderName", "A"), format_invalid, "cardholderName"},
      {"merchant name of 41", with(areq(), "merchantName", std::string(41, 'x')), format_invalid, "merchantName"},
      {"empty merchant name", with(areq(), "merchantName", ""), format_invalid, "merchantName"},
      {"control character", with(areq(), "merchantName", "a\nb"), format_invalid, "merchantName"},
      {"number instead of text", with_value(areq(), "purchaseAmount", "1230"), format_invalid, "purchaseAmount"},
      {"text instead of flag", with(areq(), "browserJavaEnabled", "false"), format_invalid, "browserJavaEnabled"},
      {"null", with_value(areq(), "mcc", "null"), format_invalid, "mcc"},
      {"date of February 30", with(areq(), "purchaseDate", "20260230030405"), format_invalid, "purchaseDate"},
      {"hour 24", with(areq(), "purchaseDate", "20260228240000"), format_invalid, "purchaseDate"},
      {"unknown channel", with(areq(), "deviceChannel", "01"), format_invalid, "deviceChannel"},
      {"id without hyphens", with(areq(), "threeDSServerTransID", "5201a899749a4300841b24a870565b51"), format_invalid,
       "threeDSServerTransID"},
      {"address of another scheme", with(areq(), "notificationURL", "ftp://pay.example"), format_invalid,
       "notificationURL"},
      {"address of 257", with(areq(), "notificationURL", "https://" + std::string(249, 'a')), format_invalid,
       "notificationURL"},
      {"colour depth 30", with(areq(), "browserColorDepth", "30"), format_invalid, "browserColorDepth"},
      {"language with blank", with(areq(), "browserLanguage", "fr FR"), format_invalid, "browserLanguage"},
      {"e-mail without at", with(areq(), "email", "someone"), format_invalid, "email"},
      {"reserved preference", with(areq(), "threeDSRequestorChallengeInd", "10"), format_invalid,
       "threeDSRequestorChallengeInd"},
      {"2.2.0 preference in 2.1.0", with(areq(Version::v210), "threeDSRequestorChallengeInd", "05"), format_invalid,
       "threeDSRequestorChallengeInd"},
      {"decoupled wait too long",
       with(with(areq(), "threeDSRequestorDecReqInd", "Y"), "threeDSRequestorDecMaxTime", "10081"), format_invalid,
       "threeDSRequestorDecMaxTime"},
      {"no extension in the list", with_value(areq(), "messageExtension", "[]"), format_invalid, "messageExtension"},
      {"excluded country", with(areq(), "merchantCountryCode", "901"), iso_code_invalid, "merchantCountryCode"},
      {"unknown currency", with(areq(), "purchaseCurrency", "123"), iso_code_invalid, "purchaseCurrency"},
      {"critical extension",
       with_value(areq(), "messageExtension", R"([{"name":"n","id":"A00-1","criticalityIndicator":true,"data":{}}])"),
       critical_extension, "A00-1"},
      {"version to come", with(areq(), "messageVersion", "2.3.1"), version_not_supported, "2.1.0,2.2.0"},
      {"version of old", with(areq(), "messageVersion", "1.0.2"), version_not_supported, "2.1.0,2.2.0"},
      {"no version", without(areq(), "messageVersion"), element_missing, "messageVersion"},
  };
}

std::vector<BadCase> bad_answers() {
  return {
      {"accepted without proof", ares("Y"), element_missing, "authenticationValue"},
      {"refused without reason", ares("N"), element_missing, "transStatusReason"},
      {"challenge without address", ares("C"), element_missing, "acsChallengeMandated,authenticationType,acsURL"},
      {"no status", without(ares("Y"), "transStatus"), element_missing, "transStatus"},
      {"unknown status", ares("X"), format_invalid, "transStatus"},
      {"2.2.0 status in 2.1.0", ares("I", Version::v210), format_invalid, "transStatus"},
      {"reserved reason", with(ares("N"), "transStatusReason", "27"), format_invalid, "transStatusReason"},
      {"short proof", with(ares("Y"), "authenticationValue", "AAAB"), format_invalid, "authenticationValue"},
      {"proof that is no base64", with(ares("Y"), "authenticationValue", std::string(28, '*')), format_invalid,
       "authenticationValue"},
      {"result without proof", rreq("Y"), element_missing, "authenticationValue"},
      {"result without counter", without(with(rreq("N"), "transStatusReason", "01"), "interactionCounter"),
       element_missing, "interactionCounter"},
      {"result that asks for a challenge", rreq("C"), format_invalid, "transStatus"},
      {"cancelled, yet authenticated", with(with(rreq("Y"), "authenticationValue", kProof), "challengeCancel", "01"),
       format_invalid, "challengeCancel"},
      {"cancelled, yet attempted", with(with(rreq("A"), "authenticationValue", kProof), "challengeCancel", "01"),
       format_invalid, "challengeCancel"},
      {"white list without source", with(with(ares("Y"), "authenticationValue", kProof), "whiteListStatus", "Y"),
       element_missing, "whiteListStatusSource"},
  };
}

TEST(Message, PassesWhatIsRight) {
  EXPECT_TRUE(parse(areq()));
  EXPECT_TRUE(parse(areq(Version::v210)));
  EXPECT_TRUE(parse(with(ares("Y"), "authenticationValue", kProof)));
  EXPECT_TRUE(parse(with(rreq("N"), "transStatusReason", "01")));
}

TEST(Message, SaysWhatIsWrong) {
  auto cases = bad_requests();
  std::ranges::move(bad_answers(), std::back_inserter(cases));
  for (const BadCase& row : cases) {
    SCOPED_TRACE(row.name);
    const auto parsed = parse(row.message);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, row.code);
    EXPECT_EQ(parsed.error().detail, row.detail);
    EXPECT_EQ(parsed.error().message_type, row.message.get("messageType"));
  }
}

TEST(Message, AcceptsWhatDirectoryServersDefine) {
  EXPECT_TRUE(parse(with(ares("N"), "transStatusReason", "85")));
  EXPECT_TRUE(parse(with(areq(), "threeDSRequestorChallengeInd", "82")));
  EXPECT_FALSE(parse(with(ares("N"), "transStatusReason", "79")));
}

TEST(Message, IgnoresUnknownFieldsAndExtensionsThatAreNotCritical) {
  EXPECT_TRUE(parse(with(areq(), "threeDSRequestorFavouriteColour", "green")));
  EXPECT_TRUE(parse(with_value(areq(), "messageExtension",
                               R"([{"name":"n","id":"i","criticalityIndicator":false,"data":{"a":[1]}}])")));
  EXPECT_TRUE(parse(with(areq(Version::v210), "whiteListStatus", "not of this version")));
}

TEST(Message, NeedsNoScreenWithoutScripts) {
  base::JsonValue message = without(without(areq(), "browserScreenWidth"), "browserJavaEnabled");
  message = with_value(message, "browserJavascriptEnabled", "false");
  EXPECT_TRUE(parse(message));
}

TEST(Message, NeedsAnAddressForResultsOnlyWhereThereCanBeAny) {
  const auto initiated = [](Version version) {
    return with(with(without(areq(version), "threeDSServerURL"), "deviceChannel", "03"), "threeRIInd", "01");
  };
  EXPECT_TRUE(parse(initiated(Version::v210)));
  const auto later = parse(initiated(Version::v220));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().detail, "threeDSServerURL");
  const auto browser = parse(without(areq(Version::v210), "threeDSServerURL"));
  ASSERT_FALSE(browser);
  EXPECT_EQ(browser.error().detail, "threeDSServerURL");
}

TEST(Message, NeedsNoProofOutsideAPayment) {
  EXPECT_TRUE(parse_message(base::to_json(ares("Y")), {MessageType::ares}, {.category = "02"}));
  EXPECT_FALSE(parse_message(base::to_json(ares("Y")), {MessageType::ares}, {.category = "01"}));
}

TEST(Message, RefusesDuplicatesThatATreeWouldMerge) {
  std::string text = base::to_json(areq());
  text.insert(1, R"("mcc":"5999",)");
  const auto parsed = parse_message(text, {MessageType::areq});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, duplicate_element);
  EXPECT_EQ(parsed.error().detail, "mcc");

  const auto nested = parse_message(
      base::to_json(areq()).insert(1, R"("homePhone":{"cc":"33","cc":"33","subscriber":"1"},)"), {MessageType::areq});
  ASSERT_FALSE(nested);
  EXPECT_EQ(nested.error().code, duplicate_element);
}

TEST(Message, RefusesWhatIsNoMessageForItsReceiver) {
  const std::string_view texts[] = {"",
                                    "{",
                                    "[]",
                                    "null",
                                    R"({"a":1} x)",
                                    R"({"messageType":"AReq",})",
                                    R"({"messageType":"PIng","messageVersion":"2.2.0"})",
                                    R"({"messageType":5,"messageVersion":"2.2.0"})"};
  for (const std::string_view text : texts) {
    const auto parsed = parse_message(text, {MessageType::areq});
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, message_invalid) << text;
  }
  const auto other = parse_message(base::to_json(areq()), {MessageType::preq});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, message_invalid);
  EXPECT_EQ(other.error().detail, "messageType");
}

TEST(Message, RefusesWhatIsTooLongOrTooDeep) {
  const std::string long_text = base::to_json(with(areq(), "x", std::string(200'000, 'x')));
  EXPECT_EQ(parse_message(long_text, {MessageType::areq}).error().code, message_invalid);
  const std::string deep = R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}";
  EXPECT_FALSE(base::parse_json(deep, 1U << 20U));
}

TEST(Message, ErrorBecomesAValidErro) {
  const auto parsed = parse(without(areq(), "acctNumber"));
  const std::string erro = to_erro(parsed.error(), Component::directory);
  const auto back = parse_message(erro, {});
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(back->type, MessageType::erro);
  EXPECT_EQ(back->get("errorCode"), "201");
  EXPECT_EQ(back->get("errorComponent"), "D");
  EXPECT_EQ(back->get("errorDetail"), "acctNumber");
  EXPECT_EQ(back->get("errorMessageType"), "AReq");
  EXPECT_EQ(back->get("threeDSServerTransID"), kServerId);
}

TEST(Message, EveryErroIsValidWhateverWasWrong) {
  auto cases = bad_requests();
  std::ranges::move(bad_answers(), std::back_inserter(cases));
  for (const BadCase& row : cases) {
    const auto back = parse_message(to_erro(parse(row.message).error(), Component::server), {});
    EXPECT_TRUE(back) << row.name;
  }
  std::string hostile = base::to_json(areq());
  hostile.insert(1, "\"" + std::string(5000, 'n') + "\":1,\"" + std::string(5000, 'n') + "\":1,");
  const auto parsed = parse_message(hostile, {MessageType::areq});
  ASSERT_FALSE(parsed);
  EXPECT_TRUE(parse_message(to_erro(parsed.error(), Component::server), {}));
}

TEST(Message, AnErroIsValidWhateverTheSenderCalledHisFields) {
  for (const std::string name : {"m\x7fx", "m\\u0001c", "m\\u0000c", "m\\r\\nc", "", "\\u00e9"}) {
    const std::string field = "\"" + name + "\":1,";
    const std::string extension =
        R"("messageExtension":[{"name":"n","id":")" + name + R"(","criticalityIndicator":true,"data":{"v":"1"}}],)";
    for (const std::string& put_in : {field + field, extension}) {
      const auto parsed = parse_message(base::to_json(areq()).insert(1, put_in), {MessageType::areq});
      ASSERT_FALSE(parsed) << put_in;
      const auto erro = parse_message(to_erro(parsed.error(), Component::server), {});
      EXPECT_TRUE(erro) << put_in << ": " << erro.error().detail;
    }
  }
}

TEST(Message, FormValuesMayBePaddedOrNot) {
  EXPECT_EQ(decode_form_value("eyJhIjoxfQ"), R"({"a":1})");
  EXPECT_EQ(decode_form_value("eyJhIjoxfQ=="), R"({"a":1})");
  EXPECT_EQ(decode_form_value("***"), "");
}

}  // namespace
}  // namespace acquit::threeds

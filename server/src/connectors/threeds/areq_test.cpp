#include "connectors/threeds/areq.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "connectors/threeds/message.h"

namespace acquit::threeds {
namespace {

const ServerIdentity kIdentity{.reference_number = "REF", .operator_id = "10075020"};

AuthenticationRequest request() {
  return AuthenticationRequest{
      .version = Version::v220,
      .server_transaction_id = "5201a899-749a-4300-841b-24a870565b51",
      .requestor = {.id = "69876357", .name = "Épicerie du Cœur", .url = "https://shop.example"},
      .merchant = {.acquirer_bin = "400551",
                   .acquirer_merchant_id = "1697368395",
                   .name = "Épicerie du Cœur",
                   .category_code = "5411",
                   .country = 250},
      .card = {.pan = base::Pan("4970100000000055"), .expiry_year = 2028, .expiry_month = 6, .holder = "Zoë Œuvrard"},
      .amount = base::Money(1230, *base::Currency::from_code("EUR")),
      .purchase_time = base::time_from_ms(1'767'323'045'678),
      .browser = {.accept_header = "text/html",
                  .ip = "192.0.2.1",
                  .language = "zh-Hant-TW",
                  .user_agent = "Mozilla/5.0",
                  .javascript = true,
                  .java = false,
                  .color_depth = 30,
                  .screen_width = 390,
                  .screen_height = 844,
                  .utc_offset_minutes = -60},
      .notification_url = "https://pay.example/3ds/back/abc",
      .results_url = "https://pay.example/3ds/results/12345678/abc"};
}

EmvMessage built(const AuthenticationRequest& asked) {
  const auto text = build_areq(asked, kIdentity);
  EXPECT_TRUE(text) << text.error().field;
  auto message = parse_message(*text, {MessageType::areq});
  EXPECT_TRUE(message);
  return *std::move(message);
}

TEST(BuildAreq, CarriesTheRequest) {
  const EmvMessage areq = built(request());
  EXPECT_EQ(areq.version, Version::v220);
  EXPECT_EQ(areq.get("acctNumber"), "4970100000000055");
  EXPECT_EQ(areq.get("cardExpiryDate"), "2806");
  EXPECT_EQ(areq.get("purchaseAmount"), "1230");
  EXPECT_EQ(areq.get("purchaseCurrency"), "978");
  EXPECT_EQ(areq.get("purchaseExponent"), "2");
  EXPECT_EQ(areq.get("purchaseDate"), "20260102030405");
  EXPECT_EQ(areq.get("merchantName"), "Epicerie du Coeur");
  EXPECT_EQ(areq.get("cardholderName"), "Zoe OEuvrard");
  EXPECT_EQ(areq.get("browserLanguage"), "zh-Hant");
  EXPECT_EQ(areq.get("browserColorDepth"), "24");
  EXPECT_EQ(areq.get("browserTZ"), "-60");
  EXPECT_EQ(areq.get("threeDSCompInd"), "U");
  EXPECT_EQ(areq.body.find("threeDSRequestorChallengeInd"), nullptr);
  EXPECT_EQ(areq.get("threeDSServerURL"), "https://pay.example/3ds/results/12345678/abc");
}

TEST(BuildAreq, SendsMailAddressesInAsciiOrNotAtAll) {
  const struct {
    const char* typed;
    const char* sent;
  } rows[] = {{"jeanne@shop.example", "jeanne@shop.example"},
              {"jeanne@\xC3\xA9picerie.example", "jeanne@xn--picerie-9xa.example"},
              {"jeanne@B\xC3\xBC"
               "cher.example",
               "jeanne@xn--bcher-kva.example"},
              {"ren\xC3\xA9@shop.example", ""},
              {"\xE4\xBD\xA0@\xE4\xBE\x8B.example", ""},
              {"jeanne@\xC3\xA9 picerie.example", ""},
              {"jeanne@\xFF.example", ""},
              {"nobody", ""}};
  for (const auto& row : rows) {
    AuthenticationRequest asked = request();
    asked.buyer.email = row.typed;
    EXPECT_EQ(built(asked).get("email"), row.sent) << row.typed;
  }
}

TEST(BuildAreq, BreaksAddressesAtWords) {
  const std::string word(60, 'w');
  const struct {
    std::vector<std::string> typed;
    std::vector<std::string> sent;
  } rows[] = {
      {{"1 rue de la Paix", "B\xC3\xA2timent C", ""}, {"1 rue de la Paix", "Batiment C", ""}},
      {{"Residence des Peupliers Batiment C Escalier 4 Appartement 12, 118 avenue du General de Gaulle", "", ""},
       {"Residence des Peupliers Batiment C Escalier 4", "Appartement 12, 118 avenue du General de Gaulle", ""}},
      {{"Residence des Peupliers Batiment C Escalier 4 Appartement 12", "118 avenue du General de Gaulle", "2e cour"},
       {"Residence des Peupliers Batiment C Escalier 4", "Appartement 12 118 avenue du General de Gaulle 2e", "cour"}},
      {{word, "", ""}, {std::string(50, 'w'), std::string(10, 'w'), ""}},
      {{"", "only the second", ""}, {"only the second", "", ""}},
      {{std::string(50, 'x') + " y", "", ""}, {std::string(50, 'x'), "y", ""}},
  };
  for (const auto& row : rows) {
    AuthenticationRequest asked = request();
    asked.buyer.billing = Address{.line1 = row.typed[0],
                                  .line2 = row.typed[1],
                                  .line3 = row.typed[2],
                                  .post_code = "75001",
                                  .city = "Paris",
                                  .state = "",
                                  .country = 250};
    const EmvMessage areq = built(asked);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(areq.get("billAddrLine" + std::to_string(i + 1)), row.sent[i]) << row.typed[0];
    }
  }
}

TEST(BuildAreq, AlwaysSaysWhetherTheBrowserRunsJava) {
  AuthenticationRequest asked = request();
  for (const bool scripts : {true, false}) {
    for (const bool java : {true, false}) {
      for (const Version version : {Version::v210, Version::v220}) {
        asked.browser.javascript = scripts;
        asked.browser.java = java;
        asked.version = version;
        const EmvMessage areq = built(asked);
        const base::JsonValue* said = areq.body.find("browserJavaEnabled");
        ASSERT_NE(said, nullptr);
        EXPECT_EQ(said->flag, scripts && java);
      }
    }
  }
}

TEST(BuildAreq, LeavesTheScreenOutWithoutScriptsButNotIn210) {
  AuthenticationRequest asked = request();
  asked.browser.javascript = false;
  EXPECT_EQ(built(asked).body.find("browserScreenWidth"), nullptr);
  asked.version = Version::v210;
  EXPECT_NE(built(asked).body.find("browserScreenWidth"), nullptr);
  EXPECT_EQ(built(asked).body.find("browserJavascriptEnabled"), nullptr);
}

TEST(BuildAreq, AsksOnlyForWhatTheVersionKnows) {
  AuthenticationRequest asked = request();
  asked.preference = ChallengePreference::challenge_mandated;
  EXPECT_EQ(built(asked).get("threeDSRequestorChallengeInd"), "04");
  asked.preference = ChallengePreference::risk_analysis_done;
  EXPECT_EQ(built(asked).get("threeDSRequestorChallengeInd"), "05");
  asked.version = Version::v210;
  EXPECT_EQ(built(asked).get("threeDSRequestorChallengeInd"), "");
}

TEST(BuildAreq, CarriesInstalments) {
  AuthenticationRequest asked = request();
  asked.purpose = Purpose::instalment;
  const auto missing = build_areq(asked, kIdentity);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::field_missing);
  asked.recurrence = Recurrence{.last = base::time_from_ms(1'798'859'045'000), .frequency_days = 30, .instalments = 4};
  const EmvMessage areq = built(asked);
  EXPECT_EQ(areq.get("purchaseInstalData"), "4");
  EXPECT_EQ(areq.get("recurringExpiry"), "20270102");
  EXPECT_EQ(areq.get("recurringFrequency"), "30");
}

TEST(BuildAreq, RefusesWhatCanNotBeMended) {
  AuthenticationRequest asked = request();
  asked.card.pan = base::Pan("4970");
  EXPECT_EQ(build_areq(asked, kIdentity).error().code, base::ErrorCode::card_invalid);
  asked = request();
  asked.merchant.acquirer_bin = "";
  EXPECT_EQ(build_areq(asked, kIdentity).error().code, base::ErrorCode::field_missing);
  EXPECT_EQ(build_areq(asked, kIdentity).error().field, "acquirerBIN");
  asked = request();
  asked.notification_url = "/relative";
  EXPECT_EQ(build_areq(asked, kIdentity).error().code, base::ErrorCode::field_format);
  asked = request();
  asked.amount = base::Money(-1, *base::Currency::from_code("EUR"));
  EXPECT_EQ(build_areq(asked, kIdentity).error().field, "purchaseAmount");
}

TEST(ToLatin, SpellsOtherAlphabetsAndCuts) {
  EXPECT_EQ(to_latin("Ωμέγα", 40), "Omega");
  EXPECT_EQ(to_latin("  Straße 1  ", 40), "Strasse 1");
  EXPECT_EQ(to_latin("abcdef", 3), "abc");
  EXPECT_EQ(to_latin("\xff\xfe", 40), "");
  EXPECT_EQ(to_latin("🛒", 40), "");
}

rc::Gen<Address> addresses() {
  return rc::gen::build<Address>(rc::gen::set(&Address::line1), rc::gen::set(&Address::line2),
                                 rc::gen::set(&Address::line3), rc::gen::set(&Address::post_code),
                                 rc::gen::set(&Address::city), rc::gen::set(&Address::state),
                                 rc::gen::set(&Address::country, rc::gen::inRange(-5, 1200)));
}

rc::Gen<Phone> phones() {
  return rc::gen::build<Phone>(rc::gen::set(&Phone::country_code), rc::gen::set(&Phone::subscriber));
}

// What a shop, a buyer and a browser may put in, hostile bytes included.
AuthenticationRequest any_request() {
  AuthenticationRequest asked = request();
  const auto text = [] { return *rc::gen::arbitrary<std::string>(); };
  asked.version = *rc::gen::element(Version::v210, Version::v220);
  asked.requestor.name = text();
  asked.merchant.name = text();
  asked.card.holder = text();
  asked.card.expiry_year = *rc::gen::inRange(0, 10'000);
  asked.card.expiry_month = *rc::gen::inRange(-3, 20);
  asked.amount = base::Money(*rc::gen::inRange<std::int64_t>(0, INT64_MAX),
                             *base::Currency::from_code(*rc::gen::element<std::string>("EUR", "JPY", "TND", "CHF")));
  asked.purchase_time = base::time_from_ms(*rc::gen::inRange<std::int64_t>(0, 4'102'444'800'000));
  asked.browser = Browser{.accept_header = text() + std::string(*rc::gen::inRange<std::size_t>(0, 3000), 'a'),
                          .ip = text(),
                          .language = text(),
                          .user_agent = text(),
                          .javascript = *rc::gen::arbitrary<bool>(),
                          .java = *rc::gen::arbitrary<bool>(),
                          .color_depth = *rc::gen::arbitrary<int>(),
                          .screen_width = *rc::gen::arbitrary<int>(),
                          .screen_height = *rc::gen::arbitrary<int>(),
                          .utc_offset_minutes = *rc::gen::arbitrary<int>()};
  asked.buyer = Buyer{.email = text() + "@" + text(),
                      .mobile_phone = *rc::gen::element(true, false) ? std::optional(*phones()) : std::nullopt,
                      .home_phone = *phones(),
                      .work_phone = Phone{.country_code = "+33", .subscriber = "1 23 45 67 89"},
                      .billing = *addresses(),
                      .shipping = *addresses()};
  asked.preference = static_cast<ChallengePreference>(*rc::gen::inRange(0, 10));
  asked.payment = *rc::gen::arbitrary<bool>();
  return asked;
}

RC_GTEST_PROP(BuildAreq, AlwaysPassesTheTableThatOthersMustPass, ()) {
  const AuthenticationRequest asked = any_request();
  const auto text = build_areq(asked, kIdentity);
  RC_ASSERT(text.has_value());
  const auto message = parse_message(*text, {MessageType::areq});
  RC_ASSERT(message.has_value());
  RC_ASSERT(message->version == asked.version);
}

}  // namespace
}  // namespace acquit::threeds

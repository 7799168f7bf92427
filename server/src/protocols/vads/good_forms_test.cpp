#include <gtest/gtest.h>

#include "protocols/vads/door_fixture.h"
#include "protocols/vads/form.h"

namespace acquit::vads {
namespace {

using merchants::SignatureAlgorithm;

class GoodFormsTest : public testing::DoorFixture {
 protected:
  GoodFormsTest() { add_shop(testing::sample_shop()); }

  /// Under a transaction id of its own.
  base::FormFields good(const base::FormFields& changes = {}) {
    base::FormFields fields = testing::good_fields();
    testing::set(fields, "vads_trans_id", std::to_string(100'000 + number_++));
    for (const auto& [name, value] : changes) testing::set(fields, name, value);
    return fields;
  }
  payments::Payment accept(const base::FormFields& fields) {
    const auto response = post(testing::signed_body(fields));
    EXPECT_EQ(response.status, 303) << header(response, "x-acquit-form-error") << ' ' << response.body.substr(0, 2000);
    return payment_of(response);
  }

 private:
  int number_ = 0;
};

TEST_F(GoodFormsTest, TakeWhatAShopModuleSends) {
  // The fields of a tested module, empty ones included, in its order.
  merchants::ShopConfig shop = testing::sample_shop(base::ShopId(12345678));
  shop.set_key(kFormKey, merchants::Mode::test, base::SecretKey("1111111111111111"));
  shop.shop.algorithm = SignatureAlgorithm::sha1;
  add_shop(shop);
  const base::FormFields fields{{"vads_action_mode", "INTERACTIVE"},
                                {"vads_amount", "5388"},
                                {"vads_available_languages", ""},
                                {"vads_capture_delay", ""},
                                {"vads_contrib", "modified_eCommerce_Shopsoftware_1.x-2.x_1.2.1/3.3.0/8.2.36"},
                                {"vads_ctx_mode", "TEST"},
                                {"vads_currency", "978"},
                                {"vads_cust_address", "Schloßallee 1"},
                                {"vads_cust_city", "München"},
                                {"vads_cust_country", "DE"},
                                {"vads_cust_email", "anna@shop.example"},
                                {"vads_cust_first_name", "Anna"},
                                {"vads_cust_id", "2"},
                                {"vads_cust_last_name", "Müller-O'Neil"},
                                {"vads_cust_phone", "+49 89 123456"},
                                {"vads_cust_state", ""},
                                {"vads_cust_title", "Frau"},
                                {"vads_cust_zip", "80331"},
                                {"vads_language", "de"},
                                {"vads_order_id", "17"},
                                {"vads_page_action", "PAYMENT"},
                                {"vads_payment_cards", ""},
                                {"vads_payment_config", "SINGLE"},
                                {"vads_return_mode", "GET"},
                                {"vads_ship_to_city", "München"},
                                {"vads_ship_to_country", "DE"},
                                {"vads_ship_to_first_name", "Anna"},
                                {"vads_ship_to_last_name", "Müller-O'Neil"},
                                {"vads_ship_to_state", ""},
                                {"vads_ship_to_street", "Schloßallee 1"},
                                {"vads_ship_to_street2", ""},
                                {"vads_ship_to_zip", "80331"},
                                {"vads_site_id", "12345678"},
                                {"vads_threeds_mpi", ""},
                                {"vads_trans_date", std::string(testing::kNow)},
                                {"vads_trans_id", "799999"},
                                {"vads_url_return", "https://shop.example/checkout_process_payzen.php"},
                                {"vads_validation_mode", ""},
                                {"vads_version", "V2"},
                                {"vads_ext_info_session_name", "MODsid"},
                                {"vads_ext_info_session_id", "a1b2c3d4e5f6a7b8c9d0e1f2a3"}};
  const auto response = post(testing::signed_body(fields, "1111111111111111", SignatureAlgorithm::sha1));
  ASSERT_EQ(response.status, 303) << header(response, "x-acquit-form-error");
  const auto payment = payment_of(response);
  EXPECT_EQ(payment.language, "de");
  EXPECT_EQ(payment.reference, "17");
  EXPECT_EQ(base::parse_form(payment.protocol_fields), fields);
}

TEST_F(GoodFormsTest, ComeByGetAndByBothAddresses) {
  EXPECT_EQ(get(testing::signed_body(good())).status, 303);
  EXPECT_EQ(call({.method = http::Method::get, .path = "/vads-payment", .query = testing::signed_body(good())}).status,
            303);
  EXPECT_EQ(call({.method = http::Method::post, .path = "/vads-payment", .body = testing::signed_body(good())}).status,
            303);
}

TEST_F(GoodFormsTest, MaySignInHexOfEitherCase) {
  merchants::ShopConfig shop = testing::sample_shop(base::ShopId(12345678));
  shop.shop.algorithm = SignatureAlgorithm::sha1;
  add_shop(shop);
  const auto fields = good({{"vads_site_id", "12345678"}});
  const std::string body = testing::signed_body(fields, testing::kTestKey, SignatureAlgorithm::sha1);
  EXPECT_EQ(post(body).status, 303);
  const auto at = body.rfind('=') + 1;
  EXPECT_EQ(post(body.substr(0, at) + base::ascii_upper(body.substr(at))).status, 303);
}

TEST_F(GoodFormsTest, MayHoldFieldsThatWeDoNotKnow) {
  const base::FormFields fields =
      good({{"vads_unheard_of", "<anything & all>"}, {"vads_", ""}, {"vads_ext_info_", "x"}});
  const auto response = post(testing::signed_body(fields) + "&submit=Payer&csrf=%FF");
  EXPECT_EQ(response.status, 303) << header(response, "x-acquit-form-error");
  EXPECT_EQ(base::parse_form(payment_of(response).protocol_fields), fields);
}

TEST_F(GoodFormsTest, HaveTransactionIdsOfLettersInEitherCase) {
  EXPECT_EQ(accept(good({{"vads_trans_id", "xrT15p"}})).key.substr(0, 7), "XRT15P/");
  const auto again = post(testing::signed_body(good({{"vads_trans_id", "XRT15P"}})));
  EXPECT_EQ(header(again, "x-acquit-form-error"), "03");
}

TEST_F(GoodFormsTest, TakeTheLimitsThemselves) {
  const base::FormFields limits[] = {
      {{"vads_amount", "100"}},
      {{"vads_amount", "10000000"}},
      {{"vads_trans_date", "20231113221320"}},
      {{"vads_trans_date", "20231115221320"}},
      {{"vads_order_id", std::string(64, 'a')}},
      {{"vads_cust_first_name", std::string(63, 'a')}},
      {{"vads_cust_city",
        [] {
          std::string e;
          for (int i = 0; i < 128; ++i) e += "é";
          return e;
        }()}},
      {{"vads_capture_delay", "365"}},
      {{"vads_capture_delay", "0"}},
      {{"vads_payment_cards", "MAESTRO;VISA"}},
      {{"vads_contracts", "CB=1234567;AMEX=1234567"}},
      {{"vads_redirect_success_timeout", "300"}, {"vads_redirect_error_timeout", "0"}},
      {{"vads_url_return", "http://localhost:8080/return?order=1&x=%20"}},
      {{"vads_return_get_params", "a=b&c=d"}},
      {{"vads_product_label12", "Café"}, {"vads_product_vat12", "20.0000"}},
      {{"vads_acquirer_transient_data", R"({"FRANFINANCE":{"FRAIS_INCLUS":true}})"}},
      {{"vads_order_info", "ligne 1\r\nligne 2\t€ 😀"}},
      {{"vads_currency", "756"}},
      {{"vads_payment_config", "MULTI:first=1;count=99;period=365"}},
      {{"vads_language", "xx"}},
      {{"vads_language", "fr-FR"}},
      {{"vads_language", "FR"}},
      {{"vads_payment_cards", "CB;VISA;"}},
      {{"vads_payment_cards", ";cb;;AUCHAN"}},
      {{"vads_payment_cards", "LEROY-MERLIN_SB;VISA"}},
      {{"vads_available_languages", "fr;en;"}},
      {{"vads_available_languages", "FR;EN"}},
      {{"vads_theme_config", "SIMPLIFIED_DISPLAY=true;"}},
      {{"vads_contracts", "CB=1234567;"}},
      {{"vads_url_return", "HTTPS://Shop.Example/x"}},
      {{"vads_payment_cards", "CB;COFIDIS_3XCB;COFIDIS_4XCB_SB;CORA;CORA_BLANCHE;KADEOS_CULTURE_SB;JOUECLUB_CDX"}},
      {{"vads_payment_cards", "ALMA_3X_SB;ILLICADO_SB;FRANFINANCE_3X_SB;JULES_CDX_SB;VISA"}},
      {{"vads_override_payment_cinematic", "IMMEDIATE_CAPTURE"}},
      {{"vads_proof_of_id_type", "CITIZENSHIP_CARD"}, {"vads_proof_of_id_number", "12AB345678901"}},
      {{"vads_ext_info_bil_gender", "1"}, {"vads_ext_info_bil_address_complement", "2e \u00e9tage"}},
      {{"vads_ext_info_bil_date_of_birth", "1980-12-31T00:00:00"}},
      {{"vads_ext_info_bil_date_of_birth", "1980-12-31"}},
      {{"vads_ext_info_bil_date_of_birth", "19801231"}},
      {{"vads_url_post_wallet", "https://shop.example/wallet"}},
      {{"vads_url_return", "https://user:secret@my_shop.example:8443/r\u00e9sultat?a=b@c"}},
      {{"vads_url_return", "http://[2001:db8::1]:8080"}},
      {{"vads_url_return", "https://xn--boutiqu-hya.example?order=1"}},
  };
  for (const auto& changes : limits) {
    const auto response = post(testing::signed_body(good(changes)));
    EXPECT_EQ(response.status, 303) << changes[0].first << '=' << changes[0].second << " gives "
                                    << header(response, "x-acquit-form-error");
  }
}

TEST_F(GoodFormsTest, ChooseTheLanguageByFormShopAndBrowser) {
  for (const auto language : i18n::all_languages()) {
    EXPECT_EQ(accept(good({{"vads_language", i18n::code(language).data()}})).language, i18n::code(language));
  }
  EXPECT_EQ(accept(good({{"vads_language", "xx"}})).language, "fr") << "the shop's";
  EXPECT_EQ(accept(good({{"vads_language", "de-CH"}})).language, "de");
  EXPECT_EQ(accept(good({{"vads_language", "IT"}})).language, "it");
  merchants::ShopConfig shop = testing::sample_shop(base::ShopId(12345678));
  shop.shop.language = "";
  add_shop(shop);
  const auto response = call({.method = http::Method::post,
                              .path = "/vads-payment/",
                              .headers = {{"accept-language", "it-CH,it;q=0.9"}},
                              .body = testing::signed_body(good({{"vads_site_id", "12345678"}}))});
  EXPECT_EQ(payment_of(response).language, "it");
}

TEST_F(GoodFormsTest, AreNeverTakenForCardDataBecauseOfTheirDates) {
  // Shops use moments as order numbers; sixteen digits of them must not pass for a card number.
  base::SeededRandom random(20'260'101);
  const auto day = [&](int i) {
    return env_->clock.now() + std::chrono::minutes(static_cast<std::int64_t>(random.below(2'800)) - 1'400 + i % 3);
  };
  for (int i = 0; i < 1000; ++i) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(day(i));
    const std::chrono::sys_days date = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day ymd(date);
    const std::chrono::hh_mm_ss time(seconds - date);
    const auto two = [](auto value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    const std::string moment = std::to_string(static_cast<int>(ymd.year())) + two(static_cast<unsigned>(ymd.month())) +
                               two(static_cast<unsigned>(ymd.day())) + two(time.hours().count()) +
                               two(time.minutes().count()) + two(time.seconds().count());
    const std::string order = moment + two(random.below(100));
    const auto parsed = read_form(*base::parse_form(testing::signed_body(good(
        {{"vads_trans_date", moment}, {"vads_order_id", i % 2 == 0 ? order : moment}, {"vads_order_info", order}}))));
    const auto checked = testing::check_form(*parsed, testing::sample_shop(), merchants::Mode::test, env_->clock.now());
    EXPECT_TRUE(checked) << moment << ' ' << order << ' ' << (checked ? 0 : checked.error().code);
  }
}

}  // namespace
}  // namespace acquit::vads

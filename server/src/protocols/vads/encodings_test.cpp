// Forms in every encoding that browsers and shops send.
#include <gtest/gtest.h>

#include "base/html.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "protocols/vads/door_fixture.h"
#include "protocols/vads/fields.h"

namespace acquit::vads {
namespace {

class EncodingsTest : public testing::DoorFixture {
 protected:
  EncodingsTest() {
    merchants::ShopConfig shop = testing::sample_shop();
    shop.shop.silent_allowed = true;
    add_shop(shop);
  }
};

TEST_F(EncodingsTest, TakeAFormOfPartsAsTheSameForm) {
  base::FormFields fields = testing::good_fields();
  testing::set(fields, "vads_order_info", "Café « Été » & Cie\r\n2 × 3 + 1 = 7 %41");
  testing::set(fields, "vads_cust_first_name", "");
  const http::Response parts = post_parts("/vads-payment/", parts_of(signed_fields(fields)));
  ASSERT_EQ(parts.status, 303) << parts.body;
  const http::Response encoded = post(testing::signed_body(fields));
  EXPECT_EQ(payment_of(parts).id, payment_of(encoded).id);
  EXPECT_EQ(count("payments"), 1);
}

TEST_F(EncodingsTest, RefuseFilesAndFormsThatAreCutOffAndSayWhy) {
  const std::string good = parts_of(signed_fields(testing::good_fields()));
  const struct {
    std::string body;
    std::string field;
    std::string rule;
  } rows[] = {
      {parts_of(signed_fields(testing::good_fields()),
                "--b\r\nContent-Disposition: form-data; name=\"vads_order_info\"; filename=\"a.txt\"\r\n\r\nx\r\n"),
       "vads_order_info", "Un fichier n’a pas sa place dans ce formulaire"},
      {good.substr(0, good.size() - 6), "form", "Le formulaire n’est pas lisible"},
      {testing::signed_body(testing::good_fields()), "form", "Le formulaire n’est pas lisible"},
      {"--b--\r\n", "form", "Aucun champ ne commence par vads_."},
  };
  for (const auto& row : rows) {
    const http::Response refused = post_parts("/vads-payment/", row.body);
    EXPECT_EQ(refused.status, 400) << row.rule;
    EXPECT_TRUE(refused.body.contains("<dd><code>" + row.field + "</code></dd>")) << row.rule;
    EXPECT_TRUE(refused.body.contains(row.rule)) << refused.body;
  }
  EXPECT_EQ(count("payments"), 0);
}

// Every field that takes any text, filled with `text`.
base::FormFields with_texts(const std::string& text) {
  base::FormFields fields = testing::good_fields();
  for (const FieldRule& rule : field_rules()) {
    const bool free = rule.format == Format::any_text || rule.format == Format::product_text;
    if (!free || rule.name == "vads_payment_config") continue;
    std::string name(rule.name.substr(0, rule.name.find('*')));
    if (name.size() < rule.name.size()) name += '0';
    testing::set(fields, name, text);
  }
  testing::set(fields, "vads_theme_config", "A=" + text + ";");
  testing::set(fields, "vads_return_get_params", "a=" + base::percent_encode(text) + "&b=" + text);
  testing::set(fields, "vads_unheard_of", text + std::string("\0.", 2));
  return fields;
}

TEST_F(EncodingsTest, LeadBackToAnAddressInAnyLettersByAHeaderThatHoldsIt) {
  int number = 200'000;
  for (const std::string mode : {"GET", "NONE"}) {
    base::FormFields fields = testing::good_fields();
    for (const auto& [name, value] :
         base::FormFields{{"vads_trans_id", std::to_string(++number)},
                          {"vads_action_mode", "SILENT"},
                          {"vads_card_number", "4970100000000055"},
                          {"vads_expiry_month", "6"},
                          {"vads_expiry_year", "2027"},
                          {"vads_cvv", "123"},
                          {"vads_return_mode", mode},
                          {"vads_url_return", "https://shop.example/r\u00e9sultat\xE9?a=b"}})
      testing::set(fields, name, value);
    const http::Response paid = post(testing::signed_body(fields));
    ASSERT_EQ(paid.status, 303) << paid.body;
    EXPECT_TRUE(header(paid, "location").starts_with("https://shop.example/r%C3%A9sultat%E9?a=b"));
    EXPECT_TRUE(std::ranges::all_of(header(paid, "location"), [](char c) { return c > ' ' && c <= '~'; }));
  }
}

TEST_F(EncodingsTest, ShowWhatIsNoTextOnTheErrorPageToo) {
  base::FormFields fields = with_texts("Zo\xC3");
  testing::set(fields, "vads_order_id", "Zo\xC3");
  const http::Response refused = post(testing::signed_body(fields));
  EXPECT_EQ(header(refused, "x-acquit-form-error"), "13");
  EXPECT_TRUE(refused.body.contains("Zo\uFFFD") && base::is_valid_utf8(refused.body));
  EXPECT_EQ(traces(testing::kShop).at(0).reference, "Zo\uFFFD");
  env_->clock.advance(std::chrono::seconds(1));
  const http::Response unsigned_form = post(base::to_form(fields) + "&signature=%C3");
  EXPECT_EQ(header(unsigned_form, "x-acquit-form-error"), "00");
  EXPECT_TRUE(unsigned_form.body.contains("Zo\uFFFD+") && base::is_valid_utf8(unsigned_form.body));
  EXPECT_EQ(traces(testing::kShop).at(0).code, "00");
}

}  // namespace
}  // namespace acquit::vads

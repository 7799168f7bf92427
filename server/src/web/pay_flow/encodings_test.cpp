// Forms in every encoding that browsers and shops send.
#include <gtest/gtest.h>

#include "base/html.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "protocols/vads/fields.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

class EncodingsTest : public FlowFixture {
 protected:
  EncodingsTest() {
    merchants::ShopConfig shop = form::sample_shop();
    shop.shop.silent_allowed = true;
    add_shop(shop);
  }

  static std::string parts_of(const base::FormFields& fields, const std::string& more = {}) {
    std::string out;
    for (const auto& [name, value] : fields)
      out += "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    return out + more + "--b--\r\n";
  }
  http::Response post_parts(const std::string& path, std::string body) {
    return call({.method = http::Method::post,
                 .path = path,
                 .headers = {{"content-type", "multipart/form-data; boundary=b"}},
                 .body = std::move(body)});
  }
  static base::FormFields signed_fields(base::FormFields fields) {
    return *base::parse_form(form::signed_body(std::move(fields)));
  }
};

TEST_F(EncodingsTest, TakeAFormOfPartsAsTheSameForm) {
  base::FormFields fields = form::good_fields();
  form::set(fields, "vads_order_info", "Café « Été » & Cie\r\n2 × 3 + 1 = 7 %41");
  form::set(fields, "vads_cust_first_name", "");
  const http::Response parts = post_parts("/vads-payment/", parts_of(signed_fields(fields)));
  ASSERT_EQ(parts.status, 303) << parts.body;
  const http::Response encoded = post(form::signed_body(fields));
  EXPECT_EQ(payment_of(parts).id, payment_of(encoded).id);
  EXPECT_EQ(count("payments"), 1);
}

TEST_F(EncodingsTest, TakeACardThatComesInParts) {
  const std::string page =
      header(post_parts("/vads-payment", parts_of(signed_fields(form::good_fields()))), "location");
  const http::Response paid = post_parts(page + "/card", parts_of({{"card_number", "4970100000000055"},
                                                                   {"expiry", "12/30"},
                                                                   {"security_code", "123"},
                                                                   {"card_holder", "A B"}}));
  EXPECT_EQ(header(paid, "location"), page) << paid.body;
  EXPECT_TRUE(look(page).body.contains("vads_result=00") ||
              look(page).body.contains("name=\"vads_result\" value=\"00\""));
}

TEST_F(EncodingsTest, RefuseFilesAndFormsThatAreCutOffAndSayWhy) {
  const std::string good = parts_of(signed_fields(form::good_fields()));
  const struct {
    std::string body;
    std::string field;
    std::string rule;
  } rows[] = {
      {parts_of(signed_fields(form::good_fields()),
                "--b\r\nContent-Disposition: form-data; name=\"vads_order_info\"; filename=\"a.txt\"\r\n\r\nx\r\n"),
       "vads_order_info", "Un fichier n’a pas sa place dans ce formulaire"},
      {good.substr(0, good.size() - 6), "form", "Le formulaire n’est pas lisible"},
      {form::signed_body(form::good_fields()), "form", "Le formulaire n’est pas lisible"},
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
  base::FormFields fields = form::good_fields();
  for (const vads::FieldRule& rule : vads::field_rules()) {
    const bool free = rule.format == vads::Format::any_text || rule.format == vads::Format::product_text;
    if (!free || rule.name == "vads_payment_config") continue;
    std::string name(rule.name.substr(0, rule.name.find('*')));
    if (name.size() < rule.name.size()) name += '0';
    form::set(fields, name, text);
  }
  form::set(fields, "vads_theme_config", "A=" + text + ";");
  form::set(fields, "vads_return_get_params", "a=" + base::percent_encode(text) + "&b=" + text);
  form::set(fields, "vads_unheard_of", text + std::string("\0.", 2));
  return fields;
}

TEST_F(EncodingsTest, TakeTextsThatWereCutWithinACharacterAndShowAMarkInItsPlace) {
  int number = 100'000;
  for (const auto& [sent, shown] : {std::pair<std::string, std::string>("Zo\xC3", "Zo\uFFFD"),
                                    {"Shop \xF0\x9F\x98", "Shop \uFFFD"},
                                    {"\xC9lodie, caf\xE9", "\uFFFDlodie, caf\uFFFD"},
                                    {"\x80 & 'x'", "\uFFFD & 'x'"}}) {
    base::FormFields fields = with_texts(sent);
    form::set(fields, "vads_trans_id", std::to_string(++number));
    const http::Response entered = post(form::signed_body(fields));
    ASSERT_EQ(entered.status, 303) << header(entered, "x-acquit-form-error") << entered.body;
    const payments::Payment payment = payment_of(entered);
    EXPECT_EQ(payment.buyer.first_name, shown);
    EXPECT_EQ(payment.buyer.shipping_address, shown + " " + shown);
    EXPECT_EQ(value_of(*base::parse_form(payment.protocol_fields), "vads_cust_last_name"), sent);

    const std::string page = header(entered, "location");
    EXPECT_TRUE(look(page).body.contains(base::html_escape(shown)));
    EXPECT_TRUE(base::is_valid_utf8(look(page).body));
    step(page + "/card", {{"card_number", "4970100000000055"},
                          {"expiry", "12/30"},
                          {"security_code", "123"},
                          {"card_holder", "A Buyer"}});
    const http::Response result = look(page);
    EXPECT_TRUE(base::is_valid_utf8(result.body));
    const base::FormFields back = hidden_fields(result.body);
    EXPECT_EQ(value_of(back, "vads_result"), "00");
    EXPECT_EQ(value_of(back, "vads_cust_last_name"), shown);
    EXPECT_EQ(value_of(back, "vads_unheard_of"), shown + "\uFFFD.");
    EXPECT_EQ(value_of(back, "a"), shown);
    EXPECT_TRUE(is_signed(back, form::kTestKey)) << result.body;
  }
}

TEST_F(EncodingsTest, LeadBackToAnAddressInAnyLettersByAHeaderThatHoldsIt) {
  int number = 200'000;
  for (const std::string mode : {"GET", "NONE"}) {
    base::FormFields fields = form::good_fields();
    for (const auto& [name, value] :
         base::FormFields{{"vads_trans_id", std::to_string(++number)},
                          {"vads_action_mode", "SILENT"},
                          {"vads_card_number", "4970100000000055"},
                          {"vads_expiry_month", "6"},
                          {"vads_expiry_year", "2027"},
                          {"vads_cvv", "123"},
                          {"vads_return_mode", mode},
                          {"vads_url_return", "https://shop.example/r\u00e9sultat\xE9?a=b"}})
      form::set(fields, name, value);
    const http::Response paid = post(form::signed_body(fields));
    ASSERT_EQ(paid.status, 303) << paid.body;
    EXPECT_TRUE(header(paid, "location").starts_with("https://shop.example/r%C3%A9sultat%E9?a=b"));
    EXPECT_TRUE(std::ranges::all_of(header(paid, "location"), [](char c) { return c > ' ' && c <= '~'; }));
  }
}

TEST_F(EncodingsTest, ShowWhatIsNoTextOnTheErrorPageToo) {
  base::FormFields fields = with_texts("Zo\xC3");
  form::set(fields, "vads_order_id", "Zo\xC3");
  const http::Response refused = post(form::signed_body(fields));
  EXPECT_EQ(header(refused, "x-acquit-form-error"), "13");
  EXPECT_TRUE(refused.body.contains("Zo\uFFFD") && base::is_valid_utf8(refused.body));
  EXPECT_EQ(traces(form::kShop).at(0).reference, "Zo\uFFFD");
  clock_.advance(std::chrono::seconds(1));
  const http::Response unsigned_form = post(base::to_form(fields) + "&signature=%C3");
  EXPECT_EQ(header(unsigned_form, "x-acquit-form-error"), "00");
  EXPECT_TRUE(unsigned_form.body.contains("Zo\uFFFD+") && base::is_valid_utf8(unsigned_form.body));
  EXPECT_EQ(traces(form::kShop).at(0).code, "00");
}

}  // namespace
}  // namespace acquit::web

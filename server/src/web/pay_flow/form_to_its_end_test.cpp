// A form from the door to the way back: what it said shows on the pages behind the door.
#include <gtest/gtest.h>

#include "base/html.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "payments/nouns/session.h"
#include "protocols/vads/fields.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

constexpr std::string_view kCard = "4970100000000014";

class FormToItsEnd : public FlowFixture {
 protected:
  FormToItsEnd() { add_shop(form::sample_shop()); }

  static base::FormFields good(const base::FormFields& changes = {}) {
    base::FormFields fields = form::good_fields();
    for (const auto& [name, value] : changes) form::set(fields, name, value);
    return fields;
  }
};

TEST_F(FormToItsEnd, TakesAProductionFormToItsEnd) {
  const auto fields = good({{"vads_ctx_mode", "PRODUCTION"},
                            {"vads_payment_cards", "CB"},
                            {"vads_payment_src", "MOTO"},
                            {"vads_user_info", "paul"},
                            {"vads_url_success", "https://shop.example/success"}});
  const auto entered = post(form::signed_body(fields, form::kProductionKey));
  ASSERT_EQ(entered.status, 303) << header(entered, "x-acquit-form-error");
  EXPECT_EQ(payment_of(entered).mode, merchants::Mode::production);
  const std::string page = header(entered, "location");
  const auto card = call({.method = http::Method::get, .path = page});
  EXPECT_FALSE(card.body.contains("test-strip") || card.body.contains("test_card"));
  EXPECT_TRUE(header(card, "content-security-policy").contains("form-action 'self'; "));
  const auto paid =
      call({.method = http::Method::post,
            .path = page + "/card",
            .body = "card_number=" + std::string(kCard) + "&expiry=12%2F27&security_code=123&card_holder=A"});
  EXPECT_EQ(header(paid, "location"), page);
  const auto result = call({.method = http::Method::get, .path = page});
  EXPECT_TRUE(header(result, "content-security-policy").contains("form-action 'self' https: http:; "));
  EXPECT_TRUE(result.body.contains("action=\"https://shop.example/success\""));
  const auto back = hidden_fields(result.body);
  EXPECT_EQ(value_of(back, "vads_result"), "00");
  EXPECT_EQ(value_of(back, "vads_trans_status"), "AUTHORISED");
  EXPECT_EQ(value_of(back, "vads_ctx_mode"), "PRODUCTION");
  EXPECT_TRUE(is_signed(back, form::kProductionKey));
}

TEST_F(FormToItsEnd, SendsAnExpiredPaymentBackAsGivenUp) {
  const auto entered = post(form::signed_body(good(
      {{"vads_url_success", "https://shop.example/success"}, {"vads_url_cancel", "https://shop.example/cancel"}})));
  env_->clock.advance(payments::kSessionLife);
  const auto expired = call({.method = http::Method::get, .path = header(entered, "location")});
  EXPECT_EQ(expired.status, 410);
  EXPECT_TRUE(expired.body.contains("action=\"https://shop.example/cancel\""));
  const auto back = hidden_fields(expired.body);
  EXPECT_EQ(value_of(back, "vads_result"), "17");
  EXPECT_EQ(value_of(back, "vads_trans_status"), "ABANDONED");
}

TEST_F(FormToItsEnd, TakesACardThatComesInParts) {
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

TEST_F(FormToItsEnd, TakesTextsThatWereCutWithinACharacterAndShowsAMarkInItsPlace) {
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

}  // namespace
}  // namespace acquit::web

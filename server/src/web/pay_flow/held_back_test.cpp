// What a buyer is told whose card, address or shop has seen too many refusals, and that nobody else is.
#include <gmock/gmock.h>

#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 6> kCards{"4972500000000005", "4972500000000013", "4972500000000021",
                                                 "4972500000000039", "4972500000000047", "4972500000000054"};

// Of the fixture: 3 refusals of a card, 4 at an address, 5 of a card range, 6 at a shop.
class HeldBackTest : public FlowFixture {
 protected:
  HeldBackTest() {
    merchants::ShopConfig shop = form::sample_shop();
    shop.shop.silent_allowed = true;
    add_shop(shop);
  }

  /// A new payment whose card is entered once, from `address`.
  http::Response try_card(std::string_view number, const std::string& address) {
    const base::FormFields fields = fresh_form();
    const std::string page = header(post(form::signed_body(fields)), "location");
    return call({.method = http::Method::post,
                 .path = page + "/card",
                 .body = base::to_form({{"card_number", std::string(number)},
                                        {"expiry", "12/30"},
                                        {"security_code", "123"},
                                        {"card_holder", "A Buyer"}}),
                 .remote_address = address});
  }
  http::Response try_silently(std::string_view number) {
    base::FormFields fields = fresh_form();
    for (const auto& [name, value] : base::FormFields{{"vads_action_mode", "SILENT"},
                                                      {"vads_card_number", std::string(number)},
                                                      {"vads_expiry_month", "6"},
                                                      {"vads_expiry_year", "2027"},
                                                      {"vads_cvv", "123"}}) {
      form::set(fields, name, value);
    }
    return post(form::signed_body(fields));
  }
  base::FormFields fresh_form() {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_language", "fr");
    form::set(fields, "vads_trans_id", std::to_string(100'000 + ++forms_));
    return fields;
  }
  /// The buyer is not asked for a card again, but sent on.
  static void expect_tried(const http::Response& response, std::string_view what) {
    EXPECT_EQ(response.status, 303) << what << response.body;
    EXPECT_THAT(header(response, "location"), Not(HasSubstr("again="))) << what;
  }

  int forms_ = 0;
};

TEST_F(HeldBackTest, NobodyIsForPayments) {
  for (int i = 0; i < 30; ++i) expect_tried(try_card(kCards[0], "192.0.2.1"), "one of a campus");
}

TEST_F(HeldBackTest, ACardIsToldSoAndWhenToTryAgain) {
  env_->acquirer.always_on_authorise(payments::testing::decline("05"));
  for (int i = 0; i < 3; ++i) expect_tried(try_card(kCards[0], "192.0.2." + std::to_string(i)), "refused");
  env_->clock.advance(std::chrono::minutes(21));
  const auto before = count("operations");
  const auto response = follow(try_card(kCards[0], "192.0.2.9"));
  EXPECT_THAT(response.body, HasSubstr("Cette carte a été refusée trop souvent ces derniers temps."));
  EXPECT_THAT(response.body, HasSubstr("Réessayez dans 39 minutes."));
  EXPECT_THAT(response.body, Not(HasSubstr(kCards[0])));
  EXPECT_EQ(count("operations"), before + 1) << "the payment was made, and no try";
  expect_tried(try_card(kCards[1], "192.0.2.9"), "another card");
  env_->clock.advance(std::chrono::minutes(39));
  expect_tried(try_card(kCards[0], "192.0.2.9"), "an hour later");
}

TEST_F(HeldBackTest, AnAddressIsToldSoAndUsesUpNobodysCard) {
  env_->acquirer.always_on_authorise(payments::testing::decline("05"));
  for (int i = 0; i < 4; ++i) expect_tried(try_card(kCards[i], "192.0.2.1"), "refused");
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(follow(try_card(kCards[4], "192.0.2.1")).body, HasSubstr("depuis votre connexion Internet"));
  }
  expect_tried(try_card(kCards[4], "192.0.2.2"), "elsewhere");
}

TEST_F(HeldBackTest, ARefusalAfterTheBanksPageCountsToo) {
  for (int i = 0; i < 3; ++i) {
    pay_pages_->directory_server.on_authenticate(threeds::TransStatus::rejected);
    expect_tried(try_card("4970100000000915", "192.0.2.1"), "rejected by the issuer");
  }
  EXPECT_THAT(follow(try_card("4970100000000915", "192.0.2.2")).body,
              HasSubstr("Cette carte a été refusée trop souvent"));
}

TEST_F(HeldBackTest, ASilentFormIsAnsweredByItsCodeAndASignedWayBack) {
  env_->acquirer.always_on_authorise(payments::testing::decline("05"));
  for (int i = 0; i < 3; ++i) static_cast<void>(try_silently(kCards[0]));
  const auto response = try_silently(kCards[0]);
  EXPECT_EQ(header(response, "x-acquit-form-error"), "40");
  EXPECT_THAT(response.body, HasSubstr("Réessayez dans 60 min."));
  EXPECT_EQ(value_of(hidden_fields(response.body), "vads_extra_result"), "40");
}

}  // namespace
}  // namespace acquit::web

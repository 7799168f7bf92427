// Every post of the buyer's pages leads to an address: a reload or the way back posts nothing a second time, and shows
// where the payment is.
#include <gmock/gmock.h>

#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using payments::State;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using threeds::TransStatus;

constexpr std::string_view kCard = "4970100000000055";
constexpr std::string_view kMethodCard = "4970110000001003";
constexpr std::string_view kSecurityCode = "531";

class RedirectsTest : public FlowFixture {
 protected:
  RedirectsTest() {
    merchants::ShopConfig shop = form::sample_shop();
    shop.shop.silent_allowed = true;
    add_shop(shop);
  }

  /// A payment's page: "/pay/…".
  std::string enter(const std::string& trans_id = "123456") {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_language", "fr");
    form::set(fields, "vads_trans_id", trans_id);
    const auto response = post(form::signed_body(fields));
    payment_ = payment_of(response).id;
    return header(response, "location");
  }
  http::Response pay(const std::string& page, std::string_view number = kCard, const std::string& holder = "A Buyer") {
    return step(page + "/card", {{"card_number", std::string(number)},
                                 {"expiry", "12/30"},
                                 {"security_code", std::string(kSecurityCode)},
                                 {"card_holder", holder},
                                 {"browser_js", "true"}});
  }
  State state() {
    return must(base::sync_wait(env_->node().database->read(
                    [&](db::ReadTx& tx) { return env_->node().store->transactions_of(tx, form::kShop, *payment_); })))
        .back()
        .state;
  }
  static void expect_clean(const http::Response& answer) {
    EXPECT_EQ(answer.status, 303);
    const std::string address = header(answer, "location");
    EXPECT_LT(address.size(), 2000U) << "the least that servers between take is 4 kB";
    EXPECT_THAT(address, Not(HasSubstr(kSecurityCode)));
    EXPECT_THAT(address, Not(ContainsRegex("[0-9]{13}")));
  }
  /// The token of the page that a 3DS Method or a challenge begins on.
  static std::string token_of(const http::Response& answer) {
    const std::string address = header(answer, "location");
    return address.substr(address.find("?step=") + 6);
  }

  std::optional<payments::PaymentId> payment_;
};

TEST_F(RedirectsTest, ShowACardWithErrorsAgainUnderAnAddressOfItsOwn) {
  const std::string page = enter();
  const auto answer = pay(page, "4970100000000056", "Élodie <Čapek>");
  expect_clean(answer);
  for (int i = 0; i < 2; ++i) {
    const auto shown = follow(answer);
    EXPECT_EQ(shown.status, 200);
    EXPECT_THAT(shown.body, HasSubstr("id=\"errors\""));
    EXPECT_THAT(shown.body, HasSubstr("value=\"12/30\""));
    EXPECT_THAT(shown.body, HasSubstr("Élodie &lt;Čapek&gt;"));
  }
  EXPECT_EQ(state(), State::initiated);
}

TEST_F(RedirectsTest, ForgetTheErrorsOfAPaymentThatIsMadeAndOfAnotherOne) {
  const std::string page = enter();
  const std::string errors = header(pay(page, "4970100000000056"), "location");
  const std::string other = enter("654321");
  EXPECT_THAT(look(other + errors.substr(page.size())).body, Not(HasSubstr("id=\"errors\"")));
  EXPECT_THAT(look(page + "?again=AAAA").body, Not(HasSubstr("id=\"errors\"")));
  pay(page);
  EXPECT_THAT(look(errors).body, HasSubstr("Paiement accepté"));
}

TEST_F(RedirectsTest, KeepTheErrorsInAnotherLanguage) {
  const std::string errors = header(pay(enter(), "4970100000000056"), "location");
  const auto answer = look(errors + "&lang=de");
  EXPECT_THAT(follow(answer).body, HasSubstr("id=\"errors\""));
  EXPECT_THAT(follow(answer).body, HasSubstr("lang=\"de\""));
}

TEST_F(RedirectsTest, CutWhatATypedNameWouldAddToAnAddress) {
  const auto answer = pay(enter(), kCard, std::string(5000, 'x'));
  expect_clean(answer);
  EXPECT_THAT(follow(answer).body, HasSubstr("id=\"errors\""));
}

TEST_F(RedirectsTest, LeadToTheMethodTheChallengeAndTheResult) {
  const std::string page = enter();
  const auto method = pay(page, kMethodCard);
  expect_clean(method);
  for (int i = 0; i < 2; ++i) EXPECT_THAT(follow(method).body, HasSubstr("threeDSMethodData"));
  pay_pages_->directory_server.on_authenticate(TransStatus::challenge);
  const auto challenge = step(page + "/authenticate", {{"token", token_of(method)}, {"method_completed", "Y"}});
  expect_clean(challenge);
  for (const auto& answer : {challenge, method, challenge}) {
    const auto shown = follow(answer);
    EXPECT_THAT(shown.body, HasSubstr("name=\"creq\"")) << "the bank waits, whichever page is loaded again";
    EXPECT_THAT(shown.body, HasSubstr("action=\"" + std::string(payments::testing::kAcsUrl) + "\""));
    EXPECT_THAT(shown.body, HasSubstr("href=\"" + page + "\"")) << "another card may be tried";
  }
  const auto session = value_of(hidden_fields(follow(challenge).body), "threeDSSessionData");
  for (int i = 0; i < 2; ++i) {
    const auto back = step("/3ds/challenge-done", {{"threeDSSessionData", session}});
    expect_clean(back);
    EXPECT_THAT(follow(back).body, HasSubstr("id=\"refusal\"")) << "the bank has said nothing";
  }
  EXPECT_THAT(follow(challenge).body, HasSubstr("id=\"refusal\"")) << "the way back finds what became of it";
}

TEST_F(RedirectsTest, TellWhoPaidThatHePaidOnEveryPageHeCanGoBackTo) {
  const std::string page = enter();
  const auto method = pay(page, kMethodCard);
  const auto done = step(page + "/authenticate", {{"token", token_of(method)}, {"method_completed", "Y"}});
  expect_clean(done);
  EXPECT_THAT(follow(done).body, HasSubstr("Paiement accepté"));
  EXPECT_THAT(follow(method).body, HasSubstr("Paiement accepté"));
  EXPECT_THAT(look(page).body, HasSubstr("Paiement accepté"));
  const auto twice = step(page + "/authenticate", {{"token", token_of(method)}, {"method_completed", "Y"}});
  expect_clean(twice);
  EXPECT_EQ(count("transactions"), 1) << "nothing is charged twice";
  EXPECT_THAT(follow(pay(page)).body, HasSubstr("Paiement accepté"));
  EXPECT_EQ(count("transactions"), 1);
}

TEST_F(RedirectsTest, SendAnAddressThatWasTamperedWithToThePayment) {
  const std::string page = enter();
  pay_pages_->directory_server.on_authenticate(TransStatus::challenge);
  const std::string challenge = header(pay(page), "location");
  for (const std::string& address : {challenge + "A", page + "?step=1.2.3", page + "?step=" + std::string(3000, 'x')}) {
    const auto answer = look(address);
    EXPECT_EQ(answer.status, 303) << address;
    EXPECT_THAT(header(answer, "location"), HasSubstr(page)) << address;
  }
}

TEST_F(RedirectsTest, LetTheMethodsFrameEndOnAPageOfItsOwn) {
  const auto answer = step(
      "/3ds/method-done",
      {{"threeDSMethodData", threeds::method_data("8f1c2d3e-4b5a-4978-8796-a5b4c3d2e1f0", "https://pay.example")}});
  expect_clean(answer);
  EXPECT_THAT(follow(answer).body, HasSubstr("data-threeds-method=\"done\""));
}

TEST_F(RedirectsTest, SendTheBuyerOfASilentFormToThePageThatPostsHimBack) {
  base::FormFields fields = form::good_fields();
  for (const auto& [name, value] : base::FormFields{{"vads_action_mode", "SILENT"},
                                                    {"vads_card_number", std::string(kCard)},
                                                    {"vads_expiry_month", "6"},
                                                    {"vads_expiry_year", "2030"},
                                                    {"vads_cvv", std::string(kSecurityCode)},
                                                    {"vads_url_return", "https://shop.example/back"},
                                                    {"vads_return_mode", "POST"}}) {
    form::set(fields, name, value);
  }
  const auto answer = post(form::signed_body(fields));
  expect_clean(answer);
  const auto shown = follow(answer);
  EXPECT_THAT(shown.body, HasSubstr("<form method=\"post\" action=\"https://shop.example/back\""));
  EXPECT_THAT(shown.body, HasSubstr("data-submit-after=\"0\""));
}

}  // namespace
}  // namespace acquit::web

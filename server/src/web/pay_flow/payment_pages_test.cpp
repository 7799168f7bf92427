#include <gmock/gmock.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "connectors/threeds/forms.h"
#include "payments/bank/authorise.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using payments::State;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using threeds::TransStatus;

constexpr std::string_view kCard = "4970100000000055";
constexpr std::string_view kBackFromTheBank = "Votre banque attend votre confirmation";

class PaymentPagesTest : public FlowFixture {
 protected:
  void open(const std::function<void(merchants::ShopConfig&)>& edit = {}) {
    merchants::ShopConfig shop = form::sample_shop();
    if (edit) edit(shop);
    add_shop(shop);
  }
  /// A payment's page: "/pay/…".
  std::string enter(const base::FormFields& changes = {}) {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_language", "fr");
    for (const auto& [name, value] : changes) form::set(fields, name, value);
    const auto response = post(form::signed_body(fields));
    payment_ = payment_of(response).id;
    return header(response, "location");
  }
  http::Response pay(const std::string& page, std::string_view number = kCard) {
    return step(page + "/card", {{"card_number", std::string(number)},
                                 {"expiry", "12/30"},
                                 {"security_code", "123"},
                                 {"card_holder", "A Buyer"},
                                 {"browser_js", "true"}});
  }
  payments::Payment payment() {
    return *must(base::sync_wait(env_->node().database->read(
        [&](db::ReadTx& tx) { return env_->node().store->find_payment(tx, form::kShop, *payment_); })));
  }
  payments::Transaction transaction() {
    return must(base::sync_wait(env_->node().database->read(
                    [&](db::ReadTx& tx) { return env_->node().store->transactions_of(tx, form::kShop, *payment_); })))
        .back();
  }
  static std::string policy(const http::Response& response) { return header(response, "content-security-policy"); }
  /// A challenge that the buyer cannot finish any more, as the last of three tries.
  std::string last_try_at_the_bank() {
    const std::string page = enter();
    for (const std::string_view number : {"4970100000000055", "4970100000000014", "4970100000000063"}) {
      pay_pages_->directory_server.on_authenticate(TransStatus::challenge);
      EXPECT_THAT(follow(pay(page, number)).body, HasSubstr("threeDSSessionData"));
    }
    return page;
  }

  void open_with_notifications() {
    open([](merchants::ShopConfig& shop) {
      shop.rules = {{.rule = merchants::Rule::end_of_payment,
                     .enabled = true,
                     .url_test = "http://127.0.0.1:1/notify",
                     .url_production = {},
                     .alert_addresses = {},
                     .automatic_replay = true}};
    });
  }
  /// Made by another request, which has not told the shop yet.
  payments::StepResult pay_elsewhere() {
    const auto shop = must(base::sync_wait(env_->node().directory->find(form::kShop)));
    const payments::CardEntry card{.pan = base::Pan(std::string(kCard)),
                                   .expiry_year = 2030,
                                   .expiry_month = 12,
                                   .security_code = base::SecurityCode("123"),
                                   .holder = "A BUYER",
                                   .method = ""};
    const auto holder = payments::read_payment_token(
        *env_->node().vault,
        payments::make_payment_token(*env_->node().vault, {.shop = form::kShop, .payment = *payment_}));
    const auto attempt = must(base::sync_wait(payments::begin_attempt(
        env_->services(), holder.value(), *shop, *payment_, {.card = card, .authentication = {}})));
    return must(base::sync_wait(payments::authorise(env_->services(), *shop, attempt, card, false)));
  }

  std::optional<payments::PaymentId> payment_;
};

TEST_F(PaymentPagesTest, EndAPaymentWhoseTimeIsOverBeforeTheySaySo) {
  open();
  const std::string page = enter();
  env_->clock.advance(std::chrono::minutes(11));
  for (int i = 0; i < 2; ++i) {
    const auto response = look(page);
    EXPECT_EQ(response.status, 410);
    EXPECT_THAT(response.body, HasSubstr("Le délai de paiement est dépassé"));
    EXPECT_THAT(response.body, HasSubstr(R"(name="vads_result" value="17")"));
    EXPECT_TRUE(payment().ended_at) << "what is signed is true";
    EXPECT_EQ(transaction().state, State::abandoned);
  }
}

TEST_F(PaymentPagesTest, TellHowMuchTimeIsLeftAndGiveMore) {
  open();
  const std::string page = enter({{"vads_payment_cards", "CB"}});
  EXPECT_THAT(look(page).body, HasSubstr("data-left=\"600\""));
  env_->clock.advance(std::chrono::minutes(9));
  EXPECT_THAT(look(page).body, HasSubstr("Il vous reste 1 minute"));
  const auto answer = step(page + "/extend", {});
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header(answer, "location"), page);
  EXPECT_THAT(look(page).body, HasSubstr("data-left=\"600\""));
  env_->clock.advance(std::chrono::minutes(9));
  EXPECT_THAT(follow(pay(page)).body, HasSubstr("Paiement accepté"));
}

TEST_F(PaymentPagesTest, KeepWhatWasTypedWhereMoreTimeIsAskedForWithoutScripts) {
  open();
  const std::string page = enter({{"vads_payment_cards", "CB"}});
  const auto answer = step(
      page + "/extend",
      {{"card_number", std::string(kCard)}, {"expiry", "12/30"}, {"security_code", "123"}, {"card_holder", "A Buyer"}});
  const auto shown = follow(answer);
  EXPECT_THAT(shown.body, HasSubstr("value=\"12/30\""));
  EXPECT_THAT(shown.body, HasSubstr("A Buyer"));
  EXPECT_THAT(shown.body, Not(HasSubstr("id=\"errors\"")));
  EXPECT_THAT(shown.body, Not(HasSubstr("value=\"4970100000000055\" required")));
  EXPECT_EQ(transaction().state, State::initiated) << "nothing is charged";
}

TEST_F(PaymentPagesTest, OfferNoMoreTimeWhereThereIsNone) {
  open();
  const std::string page = enter({{"vads_payment_cards", "CB"}});
  for (int i = 0; i < 12; ++i) {
    env_->clock.advance(std::chrono::minutes(9) + std::chrono::seconds(59));
    step(page + "/extend", {});
  }
  const std::string body = look(page).body;
  EXPECT_THAT(body, HasSubstr("Il vous reste 1 minute"));
  EXPECT_THAT(body, Not(HasSubstr("/extend")));
  env_->clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(look(page).status, 410);
  EXPECT_EQ(header(step(page + "/extend", {}), "location"), page);
}

TEST_F(PaymentPagesTest, TellTheCancelButtonFromTheTime) {
  open();
  const std::string page = enter();
  step(page + "/cancel", {});
  const auto response = look(page);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("Paiement annulé"));
}

TEST_F(PaymentPagesTest, LetATabWaitWhoseTryAnotherOneReplaced) {
  open();
  const std::string page = enter();
  pay_pages_->directory_server.on_authenticate(TransStatus::challenge);
  const std::string first = follow(pay(page)).body;
  pay_pages_->directory_server.on_authenticate(TransStatus::challenge);
  pay(page, "4970100000000014");
  const std::string mark = R"(name="threeDSSessionData" value=")";
  const std::size_t begin = first.find(mark) + mark.size();
  const auto back =
      step("/3ds/challenge-done", {{"threeDSSessionData", first.substr(begin, first.find('"', begin) - begin)}});
  EXPECT_EQ(back.status, 303) << "so that a reload posts nothing again";
  EXPECT_EQ(header(back, "location"), page + "?wait=1");
  const auto response = look(page + "?wait=1");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("Paiement en cours"));
  EXPECT_THAT(response.body, Not(HasSubstr("card_number"))) << "a card typed now would end the other try";
  EXPECT_EQ(transaction().state, State::authenticating);
}

TEST_F(PaymentPagesTest, SayWhatToDoWhenTheLastTryIsAtTheBank) {
  open();
  const std::string page = last_try_at_the_bank();
  const auto response = look(page);
  EXPECT_THAT(response.body, HasSubstr(kBackFromTheBank));
  EXPECT_THAT(response.body, HasSubstr(page + "/cancel"));
  EXPECT_THAT(response.body, Not(HasSubstr("card_number")));
  EXPECT_EQ(transaction().state, State::authenticating) << "looking changes nothing";
}

TEST_F(PaymentPagesTest, LeaveTheLastTryAtTheBankAloneWhateverIsPosted) {
  open();
  const std::string page = last_try_at_the_bank();
  EXPECT_EQ(pay(page, "4970100000000113").status, 303);
  EXPECT_FALSE(payment().ended_at) << "perhaps it was the second click of a double one";
  EXPECT_EQ(transaction().state, State::authenticating);
  EXPECT_THAT(look(page).body, HasSubstr(kBackFromTheBank));
  step(page + "/cancel", {});
  EXPECT_TRUE(payment().ended_at);
  EXPECT_THAT(look(page).body, HasSubstr("Paiement annulé"));
}

TEST_F(PaymentPagesTest, WaitUntilTheShopHasHeardOfThePayment) {
  open_with_notifications();
  const std::string page = enter();
  const auto paid = pay_elsewhere();
  EXPECT_THAT(look(page).body, HasSubstr("Paiement en cours")) << "another tab is not faster";
  env_->services().notify_before_return = false;
  EXPECT_THAT(look(page).body, HasSubstr("Paiement accepté")) << "the shop is told afterwards";
  env_->services().notify_before_return = true;
  base::sync_wait(env_->node().outbox->process(*paid.notification));
  EXPECT_THAT(look(page).body, HasSubstr("Paiement accepté")) << "the call was made, if in vain";
}

TEST_F(PaymentPagesTest, WaitNoLongerThanHalfAMinuteForTheShop) {
  open_with_notifications();
  const std::string page = enter();
  pay_elsewhere();
  env_->clock.advance(std::chrono::seconds(29));
  EXPECT_THAT(look(page).body, HasSubstr("Paiement en cours"));
  env_->clock.advance(std::chrono::seconds(1));
  EXPECT_THAT(look(page).body, HasSubstr("Paiement accepté"));
}

TEST_F(PaymentPagesTest, ShowNoCardNumberTypedIntoTheExpiry) {
  open();
  const std::string page = enter();
  const auto sent = [&](const std::string& expiry) {
    return follow(step(page + "/card", {{"card_number", ""}, {"expiry", expiry}, {"card_holder", "A Buyer"}})).body;
  };
  EXPECT_THAT(sent("4970100000000055"), Not(HasSubstr("4970100000000055\" required")));
  EXPECT_THAT(sent("\"><b>"), Not(HasSubstr("&lt;b")));
  EXPECT_THAT(sent("12/30"), HasSubstr(R"(value="12/30")"));
}

TEST_F(PaymentPagesTest, AuthenticateEveryBuyerWhoIsOnline) {
  open();
  EXPECT_EQ(pay(enter({{"vads_payment_src", "OTHER"}})).status, 303);
  EXPECT_THAT(pay_pages_->directory_server.requests(), SizeIs(1));
  EXPECT_EQ(pay(enter({{"vads_payment_src", "MOTO"}, {"vads_trans_id", "654321"}})).status, 303);
  EXPECT_THAT(pay_pages_->directory_server.requests(), SizeIs(1)) << "who orders by telephone can't be";
}

TEST_F(PaymentPagesTest, TellTheIssuerTheWholeLanguageThatFits) {
  open();
  step(enter() + "/card", {{"card_number", std::string(kCard)},
                           {"expiry", "12/30"},
                           {"security_code", "123"},
                           {"card_holder", "A Buyer"},
                           {"browser_language", "zh-Hant-TW"}});
  EXPECT_THAT(pay_pages_->directory_server.requests().at(0), HasSubstr(R"("browserLanguage":"zh-Hant")"));
}

TEST_F(PaymentPagesTest, PassOnWhatTheBankWantsTheBuyerToKnow) {
  open();
  pay_pages_->directory_server.on_authenticate(TransStatus::rejected, "Call <b>01 23 45 67 89</b>");
  const std::string page = enter();
  pay(page);
  EXPECT_THAT(look(page).body, HasSubstr("Message de votre banque\u202f: Call &lt;b&gt;01 23 45 67 89"));
}

TEST_F(PaymentPagesTest, PromiseNothingWhereTheOutcomeIsNotKnown) {
  open();
  const std::string page = enter();
  env_->node().database->lose(0, db::testing::UncertainDatabase::Truth::committed);
  const auto response = pay(page);
  EXPECT_EQ(response.status, 202);
  EXPECT_THAT(response.body, HasSubstr("Le résultat de votre paiement n’est pas encore connu"));
  EXPECT_THAT(response.body, HasSubstr("action=\"" + page + "\"")) << "it will be told there";
}

TEST_F(PaymentPagesTest, MayBeFramedByTheShopWhateverTheyShow) {
  open([](merchants::ShopConfig& shop) { shop.shop.frame_ancestors = "https://shop.example"; });
  base::FormFields bad = form::good_fields();
  form::set(bad, "vads_amount", "x");
  EXPECT_THAT(policy(post(form::signed_body(bad))), HasSubstr("frame-ancestors https://shop.example;"));
  const std::string page = enter();
  EXPECT_THAT(policy(look(page)), HasSubstr("frame-ancestors https://shop.example;"));
  env_->acquirers.clear();
  EXPECT_THAT(policy(pay(page)), HasSubstr("frame-ancestors https://shop.example;"));
}

TEST_F(PaymentPagesTest, LetTheMethodEndInAnyFrame) {
  const auto response = look("/3ds/method-done");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(policy(response), Not(HasSubstr("frame-ancestors"))) << "the shop's page counts as an ancestor too";
}

TEST_F(PaymentPagesTest, CallJunkFromABankABadRequest) {
  for (const std::string path : {"/3ds/method-done", "/3ds/challenge-done"}) {
    for (const std::string value : {"", "junk", "e30", "%%%", "eyJ0aHJlZURTU2VydmVyVHJhbnNJRCI6MX0"}) {
      const auto response = step(path, {{"threeDSMethodData", value}, {"threeDSSessionData", value}, {"cres", value}});
      EXPECT_EQ(response.status, 400) << path << ' ' << value;
    }
    EXPECT_EQ(step(path, {}).status, 400) << path;
  }
}

TEST_F(PaymentPagesTest, LetNobodyInWithoutThePaymentsToken) {
  open();
  std::string token = enter().substr(std::string_view("/pay/").size());
  char& of_its_proof = token[token.size() - 10];  // Shop and payment stay what they are.
  of_its_proof = of_its_proof == 'A' ? 'B' : 'A';
  int asked = 0;
  for (const auto& [route, access, endpoint] : Flow::routes().list()) {
    if (access != http::Access::payment_token) continue;
    std::string path = route.pattern;
    path.replace(path.find("{token}"), std::string_view("{token}").size(), token);
    const auto before = stored();
    const auto response = call({.method = route.method, .path = path, .body = "mode=TEST"});
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(stored(), before) << path;
    ++asked;
  }
  EXPECT_EQ(asked, 5);
}

TEST_F(PaymentPagesTest, LeadNobodyOnByAForgedSession) {
  open();
  const std::string page = enter();
  pay_pages_->directory_server.on_authenticate(TransStatus::challenge);
  const auto fields = hidden_fields(follow(pay(page)).body);
  const std::string sent = value_of(fields, "threeDSSessionData");
  const std::string token = *threeds::decode_session(sent);
  // Shop and authentication as they are, the seal another one.
  const std::string forged = token.substr(0, token.rfind('.') + 1) + std::string(60, 'A');
  const auto back = [this](const std::string& session) {
    return step("/3ds/challenge-done", {{"threeDSSessionData", base::to_base64url(base::as_bytes(session))}});
  };
  EXPECT_EQ(back(forged).status, 400);
  EXPECT_EQ(header(back(forged), "location"), "") << "the address of the payment is not for everybody";
  EXPECT_EQ(transaction().state, State::authenticating);
  EXPECT_EQ(back(token).status, 303);
}

TEST_F(PaymentPagesTest, ShowTheResultForADay) {
  open();
  const std::string page = enter();
  pay(page);
  EXPECT_EQ(look(page).status, 200);
  env_->clock.advance(std::chrono::hours(24));
  EXPECT_EQ(look(page).status, 200);
  env_->clock.advance(std::chrono::hours(1));
  const auto late = look(page);
  EXPECT_EQ(late.status, 404);
  EXPECT_FALSE(late.body.contains("497010")) << late.body;
}

}  // namespace
}  // namespace acquit::web

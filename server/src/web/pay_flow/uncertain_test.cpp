// A commit whose outcome is lost, at every write of every step: never an error of the form, never a failure.
#include <gmock/gmock.h>

#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using db::testing::UncertainDatabase;
using ::testing::HasSubstr;

constexpr int kNever = 1'000'000;
constexpr std::string_view kNotKnown = "Le résultat de votre paiement n’est pas encore connu";

class UncertainTest : public FlowFixture {
 protected:
  UncertainTest() {
    merchants::ShopConfig shop = form::sample_shop();
    shop.shop.silent_allowed = true;
    add_shop(shop);
  }
  /// Another payment's form each time.
  base::FormFields next_form(const base::FormFields& changes = {}) {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_trans_id", std::to_string(100'000 + ++payments_));
    form::set(fields, "vads_language", "fr");
    for (const auto& [name, value] : changes) form::set(fields, name, value);
    return fields;
  }
  std::string page() { return header(post(form::signed_body(next_form())), "location"); }
  http::Response pay(const std::string& page) {
    return step(page + "/card", {{"card_number", "4970100000000055"},
                                 {"expiry", "12/30"},
                                 {"security_code", "123"},
                                 {"card_holder", "A Buyer"},
                                 {"browser_js", "true"}});
  }

  /// Loses the outcome of the first write of `act`, then of the second, and so on, with either truth behind it.
  void lose_each(const std::string& what, const std::function<std::string()>& prepare,
                 const std::function<http::Response(const std::string&)>& act) {
    for (const auto truth : {UncertainDatabase::Truth::committed, UncertainDatabase::Truth::rolled_back}) {
      int place = 0;
      for (bool lost = true; lost; ++place) {
        SCOPED_TRACE(what + ", write " + std::to_string(place) +
                     (truth == UncertainDatabase::Truth::committed ? ", committed" : ", rolled back"));
        env_->node().database->lose(kNever, truth);
        const std::string prepared = prepare();
        env_->node().database->lose(place, truth);
        const http::Response response = act(prepared);
        lost = env_->node().database->has_lost();
        expect_honest(response);
        env_->clock.advance(std::chrono::minutes{21});  // A card may be tried three times an hour.
      }
      EXPECT_GT(place, 1) << what << " writes nothing";
    }
    EXPECT_EQ(count("request_traces"), 0) << "nothing is wrong with the form";
    EXPECT_EQ(count("outbox where topic like '%mail%'"), 0) << "nobody is told that something was";
  }

 private:
  void expect_honest(const http::Response& response) {
    EXPECT_EQ(header(response, "x-acquit-form-error"), "");
    EXPECT_THAT(response.status, testing::AnyOf(200, 202, 303));
    if (response.status == 202) {
      EXPECT_THAT(response.body, HasSubstr(kNotKnown));
      EXPECT_THAT(response.body, HasSubstr("action=\"/pay/")) << "where it will be told";
    }
  }

  int payments_ = 0;
};

TEST_F(UncertainTest, NoStepCallsItAFailure) {
  lose_each(
      "a form", [this] { return form::signed_body(next_form()); },
      [this](const std::string& body) { return post(body); });
  lose_each(
      "a form of PRODUCTION",
      [this] { return form::signed_body(next_form({{"vads_ctx_mode", "PRODUCTION"}}), form::kProductionKey); },
      [this](const std::string& body) { return post(body); });
  lose_each(
      "a silent form",
      [this] {
        return form::signed_body(next_form({{"vads_action_mode", "SILENT"},
                                            {"vads_card_number", "4970100000000055"},
                                            {"vads_expiry_month", "6"},
                                            {"vads_expiry_year", "2027"},
                                            {"vads_cvv", "123"}}));
      },
      [this](const std::string& body) { return post(body); });
  lose_each("a card", [this] { return page(); }, [this](const std::string& place) { return pay(place); });
  lose_each(
      "a cancellation", [this] { return page(); },
      [this](const std::string& place) { return step(place + "/cancel", {}); });
  lose_each(
      "a language", [this] { return page(); },
      [this](const std::string& place) {
        return call({.method = http::Method::get, .path = place, .query = "lang=de"});
      });
}

TEST_F(UncertainTest, AFormThatMadeItsPaymentLeadsToItsPage) {
  const std::string body = form::signed_body(next_form());
  env_->node().database->lose(0, UncertainDatabase::Truth::committed);
  const auto response = post(body);
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(payment_of(response).reference, payment_of(post(body)).reference);
  EXPECT_EQ(count("payments"), 1);
}

TEST_F(UncertainTest, AFormThatMadeNoPaymentMayBeSentAgain) {
  const std::string body = form::signed_body(next_form());
  env_->node().database->lose(0, UncertainDatabase::Truth::rolled_back);
  EXPECT_EQ(post(body).status, 202);
  EXPECT_EQ(post(body).status, 303);
  EXPECT_EQ(count("payments"), 1);
}

}  // namespace
}  // namespace acquit::web

// The form of a payment that was made, posted once more: a reload, the way back in the browser, a restored tab.
#include <gmock/gmock.h>

#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kCard = "4970100000000014";

class PaidFormTest : public FlowFixture {
 protected:
  PaidFormTest() {
    add_shop(form::sample_shop());
    form::set(fields_, "vads_ctx_mode", "PRODUCTION");
    form::set(fields_, "vads_language", "fr");
    form::set(fields_, "vads_trans_date", "20231113231320");  // Good for one more hour.
  }

  http::Response send() { return post(form::signed_body(fields_, form::kProductionKey)); }
  void pay() {
    const std::string page = header(send(), "location");
    ASSERT_EQ(step(page + "/card", {{"card_number", std::string(kCard)},
                                    {"expiry", "12/30"},
                                    {"security_code", "123"},
                                    {"card_holder", "A Buyer"}})
                  .status,
              303);
  }
  void expect_result(std::string_view when) {
    const auto answer = send();
    ASSERT_EQ(answer.status, 303) << when << answer.body;
    const auto page = look(header(answer, "location")).body;
    EXPECT_THAT(page, HasSubstr("Paiement accepté")) << when;
    EXPECT_THAT(page, HasSubstr(R"(name="vads_trans_status" value="AUTHORISED")")) << when << ": the way back";
    EXPECT_EQ(count("payments"), 1) << when;
  }

  base::FormFields fields_ = form::good_fields();
};

TEST_F(PaidFormTest, ShowsTheResultWhenItIsSentAgain) {
  pay();
  expect_result("at once");
  const auto shop = must(base::sync_wait(env_->node().directory->find(form::kShop)));
  for (const merchants::Contract& contract : shop->contracts) {
    change([&](db::Tx& tx) -> base::Result<void> {
      ACQUIT_TRY(const bool closed, env_->node().merchant_store->close_contract(tx, form::kShop, contract.id));
      EXPECT_TRUE(closed);
      return {};
    });
  }
  env_->clock.advance(std::chrono::minutes(2));
  expect_result("after the shop's contracts were closed");
  env_->clock.advance(std::chrono::hours(2));
  expect_result("when the form is too old to pay by");
}

TEST_F(PaidFormTest, PromisesNothingToWhoSendsAnotherFormOfTheSameNumber) {
  pay();
  form::set(fields_, "vads_amount", "5125");
  const auto answer = send();
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.body, HasSubstr("peut-être été payée"));
  EXPECT_THAT(answer.body, Not(HasSubstr("aucun débit")));
}

TEST_F(PaidFormTest, ShowsNothingToWhoCannotSignIt) {
  pay();
  EXPECT_EQ(post(form::signed_body(fields_, "wrong")).status, 400);
}

}  // namespace
}  // namespace acquit::web

// The bank's line is full or away: nothing was sent, so nobody is refused; who tries again pays once.
#include <gmock/gmock.h>

#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class BusyLineTest : public FlowFixture {
 protected:
  BusyLineTest() {
    merchants::ShopConfig shop = form::sample_shop();
    shop.shop.silent_allowed = true;
    add_shop(shop);
  }
  static base::FormFields fields(const std::string& language) {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_language", language);
    return fields;
  }
  static base::FormFields silent() {
    base::FormFields fields = form::good_fields();
    form::set(fields, "vads_action_mode", "SILENT");
    form::set(fields, "vads_card_number", "4970100000000055");
    form::set(fields, "vads_expiry_month", "12");
    form::set(fields, "vads_expiry_year", "2030");
    form::set(fields, "vads_cvv", "123");
    return fields;
  }
  http::Response pay(const std::string& page) {
    return step(page + "/card", {{"card_number", "4970100000000055"},
                                 {"expiry", "12/30"},
                                 {"security_code", "123"},
                                 {"card_holder", "A Buyer"},
                                 {"browser_js", "true"}});
  }
};

TEST_F(BusyLineTest, IsToldInTheBuyersLanguageWithoutHisCard) {
  const std::string page = header(post(form::signed_body(fields("de"))), "location");
  env_->acquirer.always_on_authorise(payments::testing::kBusy);
  for (int i = 0; i < 5; ++i) {
    const http::Response busy = pay(page);
    EXPECT_EQ(busy.status, 503);
    EXPECT_THAT(busy.body, HasSubstr("Die Bank ist im Moment nicht erreichbar"));
    EXPECT_THAT(busy.body, HasSubstr("Es wurde nichts abgebucht"));
    EXPECT_THAT(busy.body, HasSubstr("action=\"" + page + "\"")) << "where to try again";
    EXPECT_THAT(busy.body, Not(HasSubstr("4970")));
    EXPECT_THAT(busy.body, Not(HasSubstr("A Buyer")));
  }
  EXPECT_EQ(count("transactions where state = 'initiated'"), 1);
  EXPECT_EQ(count("payments where attempts = 0 and ended_at is null"), 1);
  EXPECT_EQ(count("card_refusals"), 0);
  EXPECT_EQ(look(page).status, 200);
  env_->acquirer.always_on_authorise({});
  EXPECT_EQ(pay(page).status, 303);
  EXPECT_EQ(count("transactions where state = 'authorised'"), 1);
}

TEST_F(BusyLineTest, LetsAShopSendTheSameFormAgain) {
  env_->acquirer.always_on_authorise(payments::testing::kBusy);
  const std::string body = form::signed_body(silent());
  const http::Response busy = post(body);
  EXPECT_EQ(busy.status, 503);
  EXPECT_THAT(busy.body, Not(HasSubstr("4970")));
  EXPECT_EQ(post(body).status, 503);
  EXPECT_EQ(count("request_traces"), 0) << "nothing is wrong with the form";
  env_->acquirer.always_on_authorise({});
  EXPECT_EQ(post(body).status, 303);
  EXPECT_EQ(count("payments"), 1);
  EXPECT_EQ(count("transactions where state = 'authorised'"), 1);
}

// Surely not sent, as if the line were busy; only that the operator has to mend it.
TEST_F(BusyLineTest, IsToldWhereNoLineIsConfiguredToo) {
  const std::string page = header(post(form::signed_body(form::good_fields())), "location");
  const payments::AcquirerLines lines = env_->acquirers.extract("acquirer").mapped();
  base::FormFields other = silent();
  form::set(other, "vads_trans_id", "000777");
  const std::string body = form::signed_body(other);
  for (int i = 0; i < 2; ++i) {
    for (const http::Response& busy : {pay(page), post(body)}) {
      EXPECT_EQ(busy.status, 503);
      EXPECT_THAT(busy.body, Not(HasSubstr("4970")));
    }
  }
  EXPECT_EQ(count("transactions where state <> 'initiated'"), 0);
  EXPECT_EQ(count("payments where attempts > 0 or ended_at is not null"), 0);
  EXPECT_EQ(count("request_traces"), 0);
  env_->acquirers["acquirer"] = lines;
  EXPECT_EQ(pay(page).status, 303);
  EXPECT_EQ(post(body).status, 303);
  EXPECT_EQ(count("transactions where state = 'authorised'"), 2);
}

}  // namespace
}  // namespace acquit::web

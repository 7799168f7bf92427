#include "payments/store/authentication_store.h"

#include "payments/testing/use_case_fixture.h"

namespace acquit::payments {
namespace {

using namespace testing;

class AuthenticationStoreTest : public UseCaseTest {
 protected:
  Authentication sample() {
    const StepResult attempt = must(begin(must(create(request())).id));
    AuthenticationResult result;
    result.enrolled = "Y";
    result.acs_transaction_id = "acs & ds";
    result.cardholder_info = "Appelez le 01 23 45 67 89, liability_shift=yes";
    return {.shop = kShop,
            .id = AuthenticationId::make(env_->clock, env_->random),
            .payment = attempt.payment.id,
            .transaction = attempt.transaction.id,
            .server_transaction_id = threeds::new_transaction_id(env_->random),
            .state = AuthenticationState::method,
            .version = threeds::Version::v210,
            .browser = {.accept_header = "text/html,*/*;q=0.8",
                        .ip = "2001:db8::1",
                        .language = "zh-Hant-TW",
                        .user_agent = "Mozilla/5.0 (é&=%)",
                        .javascript = true,
                        .java = true,
                        .color_depth = 30,
                        .screen_width = 390,
                        .screen_height = 844,
                        .utc_offset_minutes = -120},
            .result = result,
            .mandated = true,
            .acs_url = {}};
  }
  std::optional<Authentication> find(base::ShopId shop, const AuthenticationId& id) {
    return env_->read([&](db::ReadTx& tx) { return store().find(tx, shop, id); });
  }
  base::Result<void> update(const Authentication& authentication, AuthenticationState before) {
    return base::sync_wait(env_->node().database->write(
        Services::lane(kShop), [&](db::Tx& tx) { return store().update(tx, authentication, before); }));
  }
  void add(const Authentication& authentication) {
    env_->write([&](db::Tx& tx) { return store().add(tx, authentication); });
  }
  [[nodiscard]] AuthenticationStore store() const { return AuthenticationStore(env_->clock); }
};
ACQUIT_ON_BOTH_ENGINES(AuthenticationStoreTest);

TEST_P(AuthenticationStoreTest, GivesBackWhatWasStored) {
  const Authentication stored = sample();
  add(stored);
  const auto found = find(kShop, stored.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->payment, stored.payment);
  EXPECT_EQ(found->transaction, stored.transaction);
  EXPECT_EQ(found->server_transaction_id, stored.server_transaction_id);
  EXPECT_EQ(found->state, AuthenticationState::method);
  EXPECT_EQ(found->version, threeds::Version::v210);
  EXPECT_EQ(found->result, stored.result);
  EXPECT_FALSE(found->result.liability_shift) << "an issuer's text is no guarantee";
  EXPECT_TRUE(found->mandated);
  EXPECT_EQ(found->browser.accept_header, stored.browser.accept_header);
  EXPECT_EQ(found->browser.ip, stored.browser.ip);
  EXPECT_EQ(found->browser.language, stored.browser.language);
  EXPECT_EQ(found->browser.user_agent, stored.browser.user_agent);
  EXPECT_TRUE(found->browser.javascript);
  EXPECT_TRUE(found->browser.java);
  EXPECT_EQ(found->browser.color_depth, 30);
  EXPECT_EQ(found->browser.utc_offset_minutes, -120);
}

TEST_P(AuthenticationStoreTest, KeepsNoCardNumberOfABrowsersHeaders) {
  Authentication stored = sample();
  stored.browser.accept_header = "text/html;card=4970100000000055";
  stored.browser.user_agent = "4970 1000 0000 0055";
  stored.browser.language = "fr-4970-1000-0000-0055 4970100000000055";
  add(stored);
  const auto found = find(kShop, stored.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->browser.accept_header, "text/html;card=497010XXXXXX0055");
  EXPECT_EQ(found->browser.user_agent, "497010XXXXXX0055");
  EXPECT_FALSE(found->browser.language.contains("4970100000000055"));
}

TEST_P(AuthenticationStoreTest, KeepsShopsApart) {
  const Authentication stored = sample();
  add(stored);
  EXPECT_FALSE(find(kOtherShop, stored.id));
  const auto named = [&](base::ShopId shop, std::string_view id) {
    return env_->read([&](db::ReadTx& tx) { return store().find_by_server_id(tx, shop, id); });
  };
  ASSERT_TRUE(named(kShop, stored.server_transaction_id));
  EXPECT_EQ(named(kShop, stored.server_transaction_id)->id, stored.id);
  EXPECT_FALSE(named(kOtherShop, stored.server_transaction_id));
  EXPECT_FALSE(named(kShop, "another"));
}

TEST_P(AuthenticationStoreTest, LetsOnlyOneOfTwoGoOn) {
  Authentication authentication = sample();
  add(authentication);
  authentication.state = AuthenticationState::challenge;
  authentication.acs_url = "https://acs.example/challenge";
  must(update(authentication, AuthenticationState::method));
  authentication.state = AuthenticationState::ended;
  EXPECT_EQ(code_of(update(authentication, AuthenticationState::method)), base::ErrorCode::wrong_state);
  EXPECT_EQ(find(kShop, authentication.id)->state, AuthenticationState::challenge);
  EXPECT_EQ(find(kShop, authentication.id)->acs_url, "https://acs.example/challenge");
}

}  // namespace
}  // namespace acquit::payments

#include "merchants/create_shop.h"

#include <gtest/gtest.h>

#include <functional>

#include "merchants/merchants_fixture.h"

namespace acquit::merchants {
namespace {

class CreateShopTest : public MerchantsFixture {
 protected:
  static NewShop valid() {
    ShopConfig config = sample(kShop);
    config.shop.group_id = 1;
    return {.company = {.id = 1, .name = "Company"},
            .group = {.id = 1, .company_id = 1, .name = "Group"},
            .config = std::move(config)};
  }
  base::Result<void> create(const NewShop& made) {
    return write([&](db::Tx& tx) { return create_shop(tx, *store_, made, "bank"); });
  }
  base::Result<Contract> close(std::int64_t contract, base::ShopId shop = kShop) {
    return write([&](db::Tx& tx) { return close_contract(tx, *store_, shop, contract); });
  }
  std::optional<base::ErrorCode> refusal(std::int64_t contract, base::ShopId shop = kShop) {
    const auto closed = close(contract, shop);
    return closed ? std::nullopt : std::optional(closed.error().code);
  }
};
INSTANTIATE_TEST_SUITE_P(BothEngines, CreateShopTest, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(CreateShopTest, WritesAShopThatIsValid) {
  const auto created = create(valid());
  ASSERT_TRUE(created) << created.error().detail;
  EXPECT_EQ(find(kShop)->shop.name, valid().config.shop.name);
}

TEST_P(CreateShopTest, RefusesWhateverIsNotValidByItsField) {
  const struct {
    std::string_view field;
    std::string_view words;
    std::function<void(NewShop&)> spoil;
  } rows[] = {
      {"company.id", "must be a number from 1", [](auto& made) { made.company.id = 0; }},
      {"group.name", "must be a text", [](auto& made) { made.group.name = " "; }},
      {"shop.id", "must be eight digits", [](auto& made) { made.config.shop.id = base::ShopId(123456789); }},
      {"shop.url", "must begin with", [](auto& made) { made.config.shop.url = "shop.example"; }},
      {"shop.capture_delay_days", "from 0 to 365", [](auto& made) { made.config.shop.capture_delay_days = 366; }},
      {"keys.test", "must be 16",
       [](auto& made) { made.config.set_key("form", Mode::test, base::SecretKey("short")); }},
      {"keys.production", "another one than keys.test",
       [](auto& made) { made.config.set_key("form", Mode::production, made.config.key("form", Mode::test)); }},
      {"contract", "there must be one", [](auto& made) { made.config.contracts.clear(); }},
      {"contract[2].method", "must be CB", [](auto& made) { made.config.contracts[1].method = "CASH"; }},
      {"contract[3].amount_max", "must not be less", [](auto& made) { made.config.contracts[2].amount_max = 1; }},
      {"contract[1].acquirer", "knows only bank", [](auto& made) { made.config.contracts[0].acquirer = "other"; }},
      {"contract[2].id", "another one than those", [](auto& made) { made.config.contracts[1].id = 1; }},
      {"rule[1].url_test", "must begin with", [](auto& made) { made.config.rules[0].url_test = "shop"; }},
      {"rule[2].rule", "another one than those",
       [](auto& made) { made.config.rules[1].rule = made.config.rules[0].rule; }},
  };
  for (const auto& row : rows) {
    NewShop made = valid();
    row.spoil(made);
    const auto created = create(made);
    ASSERT_FALSE(created) << row.field;
    EXPECT_EQ(created.error().code, base::ErrorCode::field_value);
    EXPECT_EQ(created.error().field, row.field);
    EXPECT_TRUE(created.error().detail.contains(row.words)) << created.error().detail;
  }
  EXPECT_FALSE(find(kShop));
}

TEST_P(CreateShopTest, SaysWhatIsThereAlready) {
  ASSERT_TRUE(create(valid()));
  const struct {
    std::string_view field;
    std::function<void(NewShop&)> edit;
  } rows[] = {{"shop.id", [](auto& made) { made.config.shop.id = kShop; }},
              {"company.name", [](auto& made) { made.company.name = "Another"; }},
              {"group.id", [](auto& made) { made.company.id = made.group.company_id = 2; }},
              {"group.name", [](auto& made) { made.group.name = "Another"; }}};
  for (const auto& row : rows) {
    NewShop made = valid();
    made.config.shop.id = kOtherShop;
    row.edit(made);
    const auto created = create(made);
    ASSERT_FALSE(created) << row.field;
    EXPECT_EQ(created.error().code, base::ErrorCode::already_exists) << row.field;
    EXPECT_EQ(created.error().field, row.field);
  }
  NewShop second = valid();
  second.config.shop.id = kOtherShop;
  EXPECT_TRUE(create(second)) << "in the same company and group";
}

TEST_P(CreateShopTest, ClosesAContractOnce) {
  ASSERT_TRUE(create(valid()));
  const auto closed = close(2);
  ASSERT_TRUE(closed) << closed.error().detail;
  EXPECT_EQ(closed->method, "CB");
  EXPECT_EQ(refusal(2), base::ErrorCode::wrong_state);
  EXPECT_EQ(refusal(99), base::ErrorCode::not_found);
  EXPECT_EQ(refusal(1, kOtherShop), base::ErrorCode::not_found);
}

TEST(AddMissingRules, LeavesThoseThatAreThere) {
  std::vector<NotificationRule> rules = sample(kShop).rules;
  rules.back().enabled = true;
  add_missing_rules(rules);
  ASSERT_EQ(rules.size(), kAllRules.size());
  for (const NotificationRule& rule : rules) {
    EXPECT_EQ(rule.enabled, rule.rule == Rule::end_of_payment || rule.rule == Rule::cancellation);
  }
}

}  // namespace
}  // namespace acquit::merchants

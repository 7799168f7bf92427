#include "merchants/merchant_store.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "merchants/directory.h"
#include "merchants/merchants_fixture.h"

ACQUIT_EMBEDDED(sql_merchants)

namespace acquit::merchants {
namespace {

class MerchantStoreTest : public MerchantsFixture {};
INSTANTIATE_TEST_SUITE_P(BothEngines, MerchantStoreTest, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(MerchantStoreTest, GivesBackTheShopThatWasAdded) {
  ASSERT_TRUE(add(sample(kShop)));
  const auto found = find(kShop);
  ASSERT_TRUE(found);
  const Shop& shop = found->shop;
  EXPECT_EQ(shop.id, kShop);
  EXPECT_EQ(shop.group_id, kShop.value());
  EXPECT_EQ(shop.name, "Épicerie d'Été");
  EXPECT_EQ(shop.url, "https://shop.example");
  EXPECT_EQ(shop.contact_email, "contact@shop.example");
  EXPECT_EQ(shop.language, "fr");
  EXPECT_EQ(shop.available_languages, "fr;de");
  EXPECT_EQ(shop.timezone, "Europe/Zurich");
  EXPECT_EQ(shop.country, "CH");
  EXPECT_EQ(shop.category_code, "5411");
  EXPECT_TRUE(shop.active);
  EXPECT_EQ(shop.algorithm, SignatureAlgorithm::sha1);
  EXPECT_EQ(shop.capture_delay_days, 3);
  EXPECT_TRUE(shop.manual_validation);
  EXPECT_EQ(shop.return_mode, "POST");
  EXPECT_TRUE(shop.silent_allowed);
  EXPECT_FALSE(shop.frictionless_option);
  EXPECT_TRUE(shop.deferred_option);
  EXPECT_TRUE(shop.order_id_required);
  EXPECT_FALSE(shop.refuse_relabelled);
  EXPECT_EQ(shop.frame_ancestors, "https://a.example https://b.example");
  EXPECT_TRUE(shop.buyer_ticket);
  EXPECT_EQ(shop.merchant_mail, "sales@shop.example");
  EXPECT_TRUE(shop.pay_unauthenticated);
  EXPECT_EQ(found->key("form", Mode::test).reveal(), "1122334455667788");
  EXPECT_EQ(found->key("form", Mode::production).reveal(), "8877665544332211");
}

TEST_P(MerchantStoreTest, ListsContractsByRank) {
  ASSERT_TRUE(add(sample(kShop)));
  const ShopConfig found = *find(kShop);
  ASSERT_EQ(found.contracts.size(), 3U);
  EXPECT_EQ(found.contracts[0].id, 2);
  const Contract& first = found.contracts[1];
  EXPECT_EQ(first.method, "VISA");
  EXPECT_EQ(first.merchant_number, "1234567");
  EXPECT_EQ(first.terminal_id, "002");
  EXPECT_EQ(first.acquirer, "bank");
  EXPECT_EQ(first.acquirer_id, "12345678901");
  EXPECT_EQ(first.amount_min, 100);
  EXPECT_EQ(first.amount_max, 99'999'999'999);
  EXPECT_EQ(first.capture_hour, 23);
  const auto eur = *base::Currency::from_code("EUR");
  EXPECT_EQ(found.methods(eur), (std::vector<std::string>{"CB", "VISA"}));
  EXPECT_EQ(found.find_contract("CB", base::Money(100, *base::Currency::from_code("CHF")))->id, 3);
  EXPECT_EQ(found.find_contract("VISA", base::Money(100, *base::Currency::from_code("CHF"))), nullptr);
  EXPECT_EQ(found.find_contract("CB", base::Money(99, *base::Currency::from_code("CHF"))), nullptr) << "too little";
  EXPECT_EQ(found.find_contract(std::int64_t{99}), nullptr);
}

TEST_P(MerchantStoreTest, KeepsRulesAndTheirChanges) {
  ASSERT_TRUE(add(sample(kShop)));
  ShopConfig found = *find(kShop);
  NotificationRule rule = *found.find_rule(Rule::end_of_payment);
  EXPECT_TRUE(rule.enabled);
  EXPECT_EQ(rule.url(Mode::test), "https://shop.example/test");
  EXPECT_EQ(rule.url(Mode::production), "https://shop.example/ipn");
  EXPECT_EQ(rule.alert_addresses, "a@shop.example;b@shop.example");
  EXPECT_FALSE(found.find_rule(Rule::cancellation)->enabled);
  EXPECT_EQ(found.find_rule(Rule::subscription), nullptr);
  rule.enabled = false;
  rule.url_test = "https://new.example";
  ASSERT_TRUE(write([&](db::Tx& tx) { return store_->update_rule(tx, kShop, rule); }));
  found = *find(kShop);
  EXPECT_FALSE(found.find_rule(Rule::end_of_payment)->enabled);
  EXPECT_EQ(found.find_rule(Rule::end_of_payment)->url_test, "https://new.example");
}

TEST_P(MerchantStoreTest, AddsAShopOnce) {
  ASSERT_TRUE(add(sample(kShop)));
  const auto again = add(sample(kShop));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::ErrorCode::constraint_violated);
  EXPECT_FALSE(find(kOtherShop));
}

TEST_P(MerchantStoreTest, KeepsShopsApart) {
  ASSERT_TRUE(add(sample(kShop)));
  ShopConfig other = sample(kOtherShop);
  other.contracts.erase(other.contracts.begin() + 1, other.contracts.end());
  other.rules.clear();
  other.set_key("form", Mode::test, base::SecretKey("other"));
  ASSERT_TRUE(add(other));
  ASSERT_TRUE(write([&](db::Tx& tx) { return store_->update_addresses(tx, kOtherShop, "https://other.example", ""); }));
  ASSERT_TRUE(write(
      [&](db::Tx& tx) { return store_->block_card(tx, kOtherShop, "print", "stolen", base::Actor::user("owner")); }));
  const ShopConfig first = *find(kShop);
  const ShopConfig second = *find(kOtherShop);
  EXPECT_EQ(first.contracts.size(), 3U);
  EXPECT_EQ(second.contracts.size(), 1U);
  EXPECT_EQ(first.rules.size(), 2U);
  EXPECT_TRUE(second.rules.empty());
  EXPECT_EQ(first.key("form", Mode::test).reveal(), "1122334455667788");
  EXPECT_EQ(second.key("form", Mode::test).reveal(), "other");
  EXPECT_EQ(first.shop.url, "https://shop.example");
  EXPECT_EQ(second.shop.url, "https://other.example");
  EXPECT_FALSE(block(kShop, "print"));
  EXPECT_EQ(block(kOtherShop, "print"), "stolen");
}

TEST_P(MerchantStoreTest, ClosesAContractOfOneShopOnce) {
  ASSERT_TRUE(add(sample(kShop)));
  ASSERT_TRUE(add(sample(kOtherShop)));
  const auto close = [&](base::ShopId shop, std::int64_t contract) {
    return base::sync_wait(
               database_->write(db::LaneKey{}, [&](db::Tx& tx) { return store_->close_contract(tx, shop, contract); }))
        .value();
  };
  EXPECT_TRUE(close(kShop, 2));
  EXPECT_FALSE(close(kShop, 2)) << "closed already";
  EXPECT_FALSE(close(kShop, 99));
  const ShopConfig found = *find(kShop);
  EXPECT_EQ(found.find_contract("CB", {1000, *base::Currency::from_code("EUR")}), nullptr) << "takes nothing new";
  ASSERT_NE(found.find_contract(std::int64_t{2}), nullptr) << "what was begun under it is finished";
  EXPECT_EQ(found.contracts.size(), 2U);
  EXPECT_EQ(find(kOtherShop)->contracts.size(), 3U);
}

TEST_P(MerchantStoreTest, FindsCompaniesAndGroups) {
  ASSERT_TRUE(add(sample(kShop)));
  const auto read = [&](auto work) { return base::sync_wait(database_->read(work)).value(); };
  const auto company = read([&](db::ReadTx& tx) { return store_->find_company(tx, 1); });
  ASSERT_TRUE(company);
  EXPECT_EQ(company->name, "Company");
  const auto group = read([&](db::ReadTx& tx) { return store_->find_group(tx, kShop.value()); });
  ASSERT_TRUE(group);
  EXPECT_EQ(group->company_id, 1);
  EXPECT_EQ(group->name, "Group");
  EXPECT_FALSE(read([&](db::ReadTx& tx) { return store_->find_company(tx, 2); }));
  EXPECT_FALSE(read([&](db::ReadTx& tx) { return store_->find_group(tx, 2); }));
}

TEST_P(MerchantStoreTest, BlocksACardUntilItIsUnblocked) {
  ASSERT_TRUE(add(sample(kShop)));
  const auto change = [&](auto work) { ASSERT_TRUE(write(work)); };
  change([&](db::Tx& tx) { return store_->block_card(tx, kShop, "print", "stolen", base::Actor::user("owner")); });
  change([&](db::Tx& tx) { return store_->block_card(tx, kShop, "print", "again", base::Actor::user("owner")); });
  EXPECT_EQ(block(kShop, "print"), "stolen") << "the first reason stands";
  change([&](db::Tx& tx) { return store_->unblock_card(tx, kOtherShop, "print"); });
  EXPECT_TRUE(block(kShop, "print"));
  change([&](db::Tx& tx) { return store_->unblock_card(tx, kShop, "print"); });
  EXPECT_FALSE(block(kShop, "print"));
}

TEST_P(MerchantStoreTest, StoresKeysSealed) {
  ASSERT_TRUE(add(sample(kShop)));
  const db::Statement sealed = db::load_statement(embedded::sql_merchants(), "merchants.keys");
  const auto rows =
      base::sync_wait(database_->read([&](db::ReadTx& tx) { return tx.query(sealed, {kShop.value()}); })).value();
  ASSERT_EQ(rows.size(), 2U);
  for (const db::Row& row : rows) {
    EXPECT_GT(row.text(2).size(), 16U);
    EXPECT_EQ(row.text(2).find("1122334455667788"), std::string::npos);
    EXPECT_EQ(row.text(2).find("8877665544332211"), std::string::npos);
  }
  if (GetParam() != db::Engine::sqlite) return;
  database_.reset();
  const std::ifstream file(place_->url().substr(std::string("sqlite:").size()), std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  ASSERT_NE(bytes.str().find("contact@shop.example"), std::string::npos) << "this is the right file";
  EXPECT_EQ(bytes.str().find("1122334455667788"), std::string::npos);
  EXPECT_EQ(bytes.str().find("8877665544332211"), std::string::npos);
}

TEST_P(MerchantStoreTest, KeepsKeysOfEachPurposeApart) {
  ShopConfig config = sample(kShop);
  config.set_key("rest", Mode::test, base::SecretKey("another"));
  ASSERT_TRUE(add(config));
  const ShopConfig found = *find(kShop);
  EXPECT_EQ(found.key("form", Mode::test).reveal(), "1122334455667788");
  EXPECT_EQ(found.key("rest", Mode::test).reveal(), "another");
  EXPECT_TRUE(found.key("rest", Mode::production).reveal().empty());
}

TEST_P(MerchantStoreTest, ShowsChangesInTheDirectoryWithinFiveSeconds) {
  ASSERT_TRUE(add(sample(kShop)));
  Directory directory(*database_, *store_, clock_);
  const auto url = [&] { return base::sync_wait(directory.find(kShop)).value()->shop.url; };
  const auto held = base::sync_wait(directory.find(kShop)).value();
  ASSERT_TRUE(write([&](db::Tx& tx) { return store_->update_addresses(tx, kShop, "https://new.example", ""); }));
  clock_.advance(std::chrono::seconds(5) - base::Milliseconds(1));
  EXPECT_EQ(url(), "https://shop.example") << "from memory";
  clock_.advance(base::Milliseconds(1));
  EXPECT_EQ(url(), "https://new.example");
  EXPECT_EQ(held->shop.url, "https://shop.example") << "what is in use does not change";
  ASSERT_TRUE(write([&](db::Tx& tx) { return store_->update_addresses(tx, kShop, "https://newest.example", ""); }));
  directory.forget(kShop);
  EXPECT_EQ(url(), "https://newest.example");
}

TEST_P(MerchantStoreTest, HasNoShopInTheDirectoryThatIsNotThere) {
  Directory directory(*database_, *store_, clock_);
  EXPECT_EQ(base::sync_wait(directory.find(kShop)).error().code, base::ErrorCode::not_found);
  ASSERT_TRUE(add(sample(kShop)));
  EXPECT_TRUE(base::sync_wait(directory.find(kShop))) << "a new shop is seen at once";
}

}  // namespace
}  // namespace acquit::merchants

#include "merchants/merchant_store.h"

#include "db/statement.h"
#include "merchants/merchant_tables.h"

ACQUIT_EMBEDDED(sql_merchants)

namespace acquit::merchants {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_merchants(), "merchants." + std::string(name),
                            {kShopTable, kContractTable, kRuleTable, kCompanyTable, kGroupTable});
}
const db::Statement kShop = statement("shop");
const db::Statement kShopNumbers = statement("shop_numbers");
const db::Statement kKeys = statement("keys");
const db::Statement kContracts = statement("contracts");
const db::Statement kRules = statement("rules");
const db::Statement kCompany = statement("company");
const db::Statement kGroup = statement("group");
const db::Statement kCloseContract = statement("close_contract");
const db::Statement kInsertCompany = statement("insert_company");
const db::Statement kInsertGroup = statement("insert_group");
const db::Statement kInsertShop = statement("insert_shop");
const db::Statement kInsertKey = statement("insert_key");
const db::Statement kInsertContract = statement("insert_contract");
const db::Statement kInsertRule = statement("insert_rule");
const db::Statement kUpdateAddresses = statement("update_addresses");
const db::Statement kUpdateRule = statement("update_rule");
const db::Statement kBlockedCard = statement("blocked_card");
const db::Statement kBlockCard = statement("block_card");
const db::Statement kUnblockCard = statement("unblock_card");

std::string key_context(base::ShopId shop, std::string_view purpose, std::string_view mode) {
  return std::string(purpose) + " key " + base::to_string(shop) + " " + std::string(mode);
}

}  // namespace

base::Result<std::optional<ShopConfig>> MerchantStore::find_config(db::ReadTx& tx, base::ShopId shop) const {
  db::Asked shop_row = tx.ask(kShop, {shop.value()});
  db::Asked key_rows = tx.ask(kKeys, {shop.value()});
  db::Asked contract_rows = tx.ask(kContracts, {shop.value()});
  db::Asked rule_rows = tx.ask(kRules, {shop.value()});
  ACQUIT_TRY(auto stored, kShopTable.read(shop_row.first()));
  if (!stored) return std::nullopt;
  ShopConfig config{.shop = std::move(stored->shop), .keys = {}, .contracts = {}, .rules = {}};
  ACQUIT_TRY(const db::Rows keys, key_rows.rows());
  for (const db::Row& key : keys) {
    const auto mode = parse_mode(key.text(1));
    if (!mode) return base::fail(base::ErrorCode::internal, "the database holds a key of an unknown mode");
    ACQUIT_TRY(std::string opened, vault_.open_text(key_context(shop, key.text(0), key.text(1)), key.text(2)));
    config.set_key(key.text(0), *mode, base::SecretKey(std::move(opened)));
  }
  ACQUIT_TRY(auto contracts, kContractTable.read(contract_rows.rows()));
  for (StoredContract& one : contracts) {
    (one.contract.active ? config.contracts : config.closed).push_back(std::move(one.contract));
  }
  ACQUIT_TRY(auto rules, kRuleTable.read(rule_rows.rows()));
  for (StoredRule& one : rules) config.rules.push_back(std::move(one.rule));
  return config;
}

base::Result<std::vector<base::ShopId>> MerchantStore::shop_numbers(db::ReadTx& tx) const {
  ACQUIT_TRY(const db::Rows rows, tx.query(kShopNumbers, {}));
  std::vector<base::ShopId> numbers;
  for (const db::Row& row : rows) numbers.emplace_back(row.integer(0));
  return numbers;
}

base::Result<void> MerchantStore::add_shop(db::Tx& tx, const Company& company, const Group& group,
                                           const ShopConfig& config) const {
  const Shop& shop = config.shop;
  const base::Time now = clock_.now();
  ACQUIT_CHECK(tx.run(kInsertCompany, kCompanyTable.bind(company)));
  ACQUIT_CHECK(tx.run(kInsertGroup, kGroupTable.bind(group)));
  ACQUIT_CHECK(tx.run(kInsertShop, kShopTable.bind({.shop = shop, .created_at = now})));
  for (const ShopKey& key : config.keys) {
    const std::string_view mode = to_string(key.mode);
    const std::string sealed = vault_.seal_text(key_context(shop.id, key.purpose, mode), key.key.reveal());
    ACQUIT_CHECK(tx.run(kInsertKey, {shop.id.value(), key.purpose, mode, db::Param::Bytes{sealed}, base::to_ms(now)}));
  }
  for (const Contract& contract : config.contracts) {
    ACQUIT_CHECK(tx.run(kInsertContract, kContractTable.bind({.shop = shop.id, .contract = contract})));
  }
  for (const NotificationRule& rule : config.rules) {
    ACQUIT_CHECK(tx.run(kInsertRule, kRuleTable.bind({.shop = shop.id, .rule = rule})));
  }
  return {};
}

base::Result<std::optional<Company>> MerchantStore::find_company(db::ReadTx& tx, std::int64_t company) const {
  return kCompanyTable.read(tx.find(kCompany, {company}));
}

base::Result<std::optional<Group>> MerchantStore::find_group(db::ReadTx& tx, std::int64_t group) const {
  return kGroupTable.read(tx.find(kGroup, {group}));
}

base::Result<bool> MerchantStore::close_contract(db::Tx& tx, base::ShopId shop, std::int64_t contract) const {
  ACQUIT_TRY(const std::int64_t rows, tx.change(kCloseContract, {shop.value(), contract}));
  return rows == 1;
}

base::Result<void> MerchantStore::update_addresses(db::Tx& tx, base::ShopId shop, std::string_view url,
                                                   std::string_view frame_ancestors) const {
  return tx.run(kUpdateAddresses, {shop.value(), url, frame_ancestors});
}

base::Result<void> MerchantStore::update_rule(db::Tx& tx, base::ShopId shop, const NotificationRule& rule) const {
  return tx.run(kUpdateRule, kRuleTable.bind_change({}, {.shop = shop, .rule = rule}));
}

MerchantStore::Block MerchantStore::ask_block(db::ReadTx& tx, base::ShopId shop, std::string_view fingerprint) const {
  return Block(tx.ask(kBlockedCard, {shop.value(), fingerprint}));
}

base::Result<std::optional<std::string>> MerchantStore::Block::reason() {
  ACQUIT_TRY(const auto row, asked_.first());
  return row ? std::optional(row->text(0)) : std::nullopt;
}

base::Result<void> MerchantStore::block_card(db::Tx& tx, base::ShopId shop, std::string_view fingerprint,
                                             std::string_view reason, const base::Actor& actor) const {
  return tx.run(kBlockCard, {shop.value(), fingerprint, reason, base::to_text(actor), base::to_ms(clock_.now())});
}

base::Result<void> MerchantStore::unblock_card(db::Tx& tx, base::ShopId shop, std::string_view fingerprint) const {
  return tx.run(kUnblockCard, {shop.value(), fingerprint});
}

}  // namespace acquit::merchants

#include "merchants/merchant_store.h"

#include "db/statement.h"

ACQUIT_EMBEDDED(sql_merchants)

namespace acquit::merchants {
namespace {

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_merchants(), "merchants." + std::string(name));
}
const db::Statement kShop = statement("shop");
const db::Statement kShopNumbers = statement("shop_numbers");
const db::Statement kFormKeys = statement("form_keys");
const db::Statement kContracts = statement("contracts");
const db::Statement kRules = statement("rules");
const db::Statement kCompany = statement("company");
const db::Statement kGroup = statement("group");
const db::Statement kCloseContract = statement("close_contract");
const db::Statement kInsertCompany = statement("insert_company");
const db::Statement kInsertGroup = statement("insert_group");
const db::Statement kInsertShop = statement("insert_shop");
const db::Statement kInsertFormKey = statement("insert_form_key");
const db::Statement kInsertContract = statement("insert_contract");
const db::Statement kInsertRule = statement("insert_rule");
const db::Statement kUpdateAddresses = statement("update_addresses");
const db::Statement kUpdateRule = statement("update_rule");
const db::Statement kBlockedCard = statement("blocked_card");
const db::Statement kBlockCard = statement("block_card");
const db::Statement kUnblockCard = statement("unblock_card");

std::string key_context(base::ShopId shop, std::string_view mode) {
  return "form key " + base::to_string(shop) + " " + std::string(mode);
}

Shop to_shop(const db::Row& row) {
  return {.id = base::ShopId(row.integer(0)),
          .group_id = row.integer(1),
          .name = row.text(2),
          .url = row.text(3),
          .contact_email = row.text(4),
          .language = row.text(5),
          .available_languages = row.text(6),
          .timezone = row.text(7),
          .country = row.text(8),
          .category_code = row.text(9),
          .active = row.boolean(10),
          .algorithm = row.text(11) == "SHA-1" ? SignatureAlgorithm::sha1 : SignatureAlgorithm::hmac_sha256,
          .capture_delay_days = static_cast<int>(row.integer(12)),
          .manual_validation = row.boolean(13),
          .return_mode = row.text(14),
          .silent_allowed = row.boolean(15),
          .frictionless_option = row.boolean(16),
          .deferred_option = row.boolean(17),
          .order_id_required = row.boolean(18),
          .frame_ancestors = row.text(19),
          .buyer_ticket = row.boolean(20),
          .merchant_mail = row.text(21),
          .pay_unauthenticated = row.boolean(22),
          .refuse_relabelled = row.boolean(23)};
}

base::Result<Contract> to_contract(const db::Row& row) {
  const auto currency = base::Currency::from_code(row.text(2));
  if (!currency) return base::fail(base::ErrorCode::internal, "contract in unknown currency " + row.text(2));
  return Contract{.id = row.integer(0),
                  .method = row.text(1),
                  .currency = *currency,
                  .merchant_number = row.text(3),
                  .terminal_id = row.text(4),
                  .acquirer = row.text(5),
                  .acquirer_id = row.text(6),
                  .rank = row.integer(7),
                  .amount_min = row.integer(8),
                  .amount_max = row.integer(9),
                  .capture_hour = static_cast<int>(row.integer(10)),
                  .active = row.boolean(11)};
}

base::Result<NotificationRule> to_rule(const db::Row& row) {
  const auto rule = parse_rule(row.text(0));
  if (!rule) return base::fail(base::ErrorCode::internal, "unknown notification rule " + row.text(0));
  return NotificationRule{.rule = *rule,
                          .enabled = row.boolean(1),
                          .url_test = row.text(2),
                          .url_production = row.text(3),
                          .alert_addresses = row.text(4),
                          .automatic_replay = row.boolean(5)};
}

}  // namespace

base::Result<std::optional<ShopConfig>> MerchantStore::find_config(db::ReadTx& tx, base::ShopId shop) const {
  db::Asked shop_row = tx.ask(kShop, {shop.value()});
  db::Asked key_rows = tx.ask(kFormKeys, {shop.value()});
  db::Asked contract_rows = tx.ask(kContracts, {shop.value()});
  db::Asked rule_rows = tx.ask(kRules, {shop.value()});
  ACQUIT_TRY(const auto row, shop_row.first());
  if (!row) return std::nullopt;
  ShopConfig config{
      .shop = to_shop(*row), .form_key_test = {}, .form_key_production = {}, .contracts = {}, .rules = {}};
  ACQUIT_TRY(const db::Rows keys, key_rows.rows());
  for (const db::Row& key : keys) {
    ACQUIT_TRY(std::string opened, vault_.open_text(key_context(shop, key.text(0)), key.text(1)));
    (key.text(0) == "TEST" ? config.form_key_test : config.form_key_production) = base::SecretKey(std::move(opened));
  }
  ACQUIT_TRY(const db::Rows contracts, contract_rows.rows());
  for (const db::Row& contract : contracts) {
    ACQUIT_TRY(Contract parsed, to_contract(contract));
    (parsed.active ? config.contracts : config.closed).push_back(std::move(parsed));
  }
  ACQUIT_TRY(const db::Rows rules, rule_rows.rows());
  for (const db::Row& rule : rules) {
    ACQUIT_TRY(NotificationRule parsed, to_rule(rule));
    config.rules.push_back(std::move(parsed));
  }
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
  const std::int64_t now = base::to_ms(clock_.now());
  ACQUIT_CHECK(tx.run(kInsertCompany, {company.id, company.name}));
  ACQUIT_CHECK(tx.run(kInsertGroup, {group.id, group.company_id, group.name}));
  ACQUIT_CHECK(tx.run(kInsertShop, {shop.id.value(),
                                    shop.group_id,
                                    shop.name,
                                    shop.url,
                                    shop.contact_email,
                                    shop.language,
                                    shop.available_languages,
                                    shop.timezone,
                                    shop.country,
                                    shop.category_code,
                                    shop.active,
                                    to_string(shop.algorithm),
                                    shop.capture_delay_days,
                                    shop.manual_validation,
                                    shop.return_mode,
                                    shop.silent_allowed,
                                    shop.frictionless_option,
                                    shop.deferred_option,
                                    shop.order_id_required,
                                    shop.frame_ancestors,
                                    shop.buyer_ticket,
                                    shop.merchant_mail,
                                    shop.pay_unauthenticated,
                                    shop.refuse_relabelled,
                                    now}));
  for (const Mode mode : {Mode::test, Mode::production}) {
    const std::string sealed = vault_.seal_text(key_context(shop.id, to_string(mode)), config.form_key(mode).reveal());
    ACQUIT_CHECK(tx.run(kInsertFormKey, {shop.id.value(), to_string(mode), db::Param::Bytes{sealed}, now}));
  }
  for (const Contract& contract : config.contracts) {
    ACQUIT_CHECK(tx.run(kInsertContract, {shop.id.value(), contract.id, contract.method, contract.currency.code(),
                                          contract.merchant_number, contract.terminal_id, contract.acquirer,
                                          contract.acquirer_id, contract.rank, contract.amount_min, contract.amount_max,
                                          contract.capture_hour, contract.active}));
  }
  for (const NotificationRule& rule : config.rules) {
    ACQUIT_CHECK(tx.run(kInsertRule, {shop.id.value(), to_string(rule.rule), rule.enabled, rule.url_test,
                                      rule.url_production, rule.alert_addresses, rule.automatic_replay}));
  }
  return {};
}

base::Result<std::optional<Company>> MerchantStore::find_company(db::ReadTx& tx, std::int64_t company) const {
  ACQUIT_TRY(const auto row, tx.find(kCompany, {company}));
  if (!row) return std::nullopt;
  return Company{.id = company, .name = row->text(0)};
}

base::Result<std::optional<Group>> MerchantStore::find_group(db::ReadTx& tx, std::int64_t group) const {
  ACQUIT_TRY(const auto row, tx.find(kGroup, {group}));
  if (!row) return std::nullopt;
  return Group{.id = group, .company_id = row->integer(0), .name = row->text(1)};
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
  return tx.run(kUpdateRule, {shop.value(), to_string(rule.rule), rule.enabled, rule.url_test, rule.url_production,
                              rule.alert_addresses, rule.automatic_replay});
}

MerchantStore::Block MerchantStore::ask_block(db::ReadTx& tx, base::ShopId shop, std::string_view fingerprint) const {
  return Block(tx.ask(kBlockedCard, {shop.value(), fingerprint}));
}

base::Result<std::optional<std::string>> MerchantStore::Block::reason() {
  ACQUIT_TRY(const auto row, asked_.first());
  return row ? std::optional(row->text(0)) : std::nullopt;
}

base::Result<void> MerchantStore::block_card(db::Tx& tx, base::ShopId shop, std::string_view fingerprint,
                                             std::string_view reason, std::string_view actor) const {
  return tx.run(kBlockCard, {shop.value(), fingerprint, reason, actor, base::to_ms(clock_.now())});
}

base::Result<void> MerchantStore::unblock_card(db::Tx& tx, base::ShopId shop, std::string_view fingerprint) const {
  return tx.run(kUnblockCard, {shop.value(), fingerprint});
}

}  // namespace acquit::merchants

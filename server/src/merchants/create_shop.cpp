#include "merchants/create_shop.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "base/list.h"
#include "merchants/shop_fields.h"

namespace acquit::merchants {
namespace {

using base::ErrorCode;

constexpr std::size_t kMadeKeyCharacters = 16;
// Letters and digits of which nobody takes one for another; bytes beyond the last whole round of them are left out.
constexpr std::string_view kKeyCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
constexpr std::size_t kFairBytes = 256 / kKeyCharacters.size() * kKeyCharacters.size();

std::string text_of(base::ShopId shop) { return base::to_string(shop); }
std::string text_of(base::Currency currency) { return std::string(currency.code()); }
template <class Word>
std::string text_of(Word word) {
  return std::string(to_string(word));
}

std::string_view name_of(Mode mode) { return mode == Mode::test ? "test" : "production"; }

std::string numbered(std::string_view noun, std::size_t number) {
  return std::string(noun) + "[" + std::to_string(number) + "]";
}

/// Holds fields that are there against their rules; see shop_fields.h.
class Check {
 public:
  Check(std::string table, std::vector<Fault>& faults) : table_(std::move(table)), faults_(faults) {}

  void text(std::string_view name, std::string_view value, const TextRule& rule, std::string_view /*standard*/ = {}) {
    if (!rule.holds(value)) add(name, std::string(rule.words));
  }
  template <class T, class Parse>
  void parsed(std::string_view name, const T& value, const TextRule& rule, const Parse& /*parse*/,
              std::string_view /*standard*/ = {}) {
    if (!rule.holds(text_of(value))) add(name, std::string(rule.words));
  }
  void number(std::string_view name, std::int64_t value, Bounds bounds, std::int64_t /*standard*/ = 0) {
    if (!bounds.hold(value)) add(name, words_of(bounds));
  }
  void flag(std::string_view /*name*/, bool /*value*/, bool /*standard*/ = false) {}

 private:
  void add(std::string_view name, std::string words) {
    faults_.push_back({.field = table_ + "." + std::string(name), .words = std::move(words)});
  }

  std::string table_;
  std::vector<Fault>& faults_;
};

std::vector<Fault> faults_of(const NewShop& made, const std::string& acquirer) {
  std::vector<Fault> faults;
  const auto check = [&](std::string table) { return Check(std::move(table), faults); };
  Check company = check("company");
  each_company_field(company, made.company);
  Check group = check("group");
  each_group_field(group, made.group);
  Check shop = check("shop");
  each_shop_field(shop, made.config.shop);
  Check keys = check("keys");
  for (const ShopKey& key : made.config.keys) keys.text(name_of(key.mode), key.key.reveal(), rule::kKey);
  for (std::size_t i = 0; i < made.config.contracts.size(); ++i) {
    Check contract = check(numbered("contract", i + 1));
    each_contract_field(contract, made.config.contracts[i], static_cast<std::int64_t>(i + 1), acquirer);
  }
  for (std::size_t i = 0; i < made.config.rules.size(); ++i) {
    Check rule = check(numbered("rule", i + 1));
    each_rule_field(rule, made.config.rules[i]);
  }
  std::ranges::move(faults_together(made, acquirer), std::back_inserter(faults));
  return faults;
}

base::Result<void> check(const NewShop& made, const std::string& acquirer) {
  const std::vector<Fault> faults = faults_of(made, acquirer);
  if (faults.empty()) return {};
  std::string all;
  for (const Fault& fault : faults) base::append_part(all, fault.field + ": " + fault.words, "\n");
  return base::fail(ErrorCode::field_value, std::move(all), faults.front().field);
}

std::unexpected<base::Error> taken(const std::string& field, const std::string& what) {
  return base::fail(ErrorCode::already_exists, field + ": " + what, field);
}

}  // namespace

base::SecretKey make_key(base::Random& random) {
  std::string key;
  while (key.size() < kMadeKeyCharacters) {
    std::array<std::byte, 32> bytes{};
    random.fill(bytes);
    for (const std::byte byte : bytes) {
      const auto value = std::to_integer<std::size_t>(byte);
      if (value < kFairBytes && key.size() < kMadeKeyCharacters) key += kKeyCharacters[value % kKeyCharacters.size()];
    }
  }
  return base::SecretKey(std::move(key));
}

void add_missing_rules(std::vector<NotificationRule>& rules) {
  for (const Rule rule : kAllRules) {
    if (std::ranges::count(rules, rule, &NotificationRule::rule) > 0) continue;
    rules.push_back({.rule = rule,
                     .enabled = false,
                     .url_test = {},
                     .url_production = {},
                     .alert_addresses = {},
                     .automatic_replay = true});
  }
}

std::vector<Fault> faults_together(const NewShop& made, const std::string& acquirer) {
  std::vector<Fault> faults;
  const auto add = [&](std::string field, std::string words) {
    faults.push_back({.field = std::move(field), .words = std::move(words)});
  };
  const ShopConfig& config = made.config;
  std::set<std::string_view> keys;
  for (const ShopKey& key : config.keys) {
    if (key.key.reveal().empty() || keys.insert(key.key.reveal()).second) continue;
    add("keys." + std::string(name_of(key.mode)), "must be another one than keys.test");
  }
  if (config.contracts.empty()) add("contract", "there must be one at least; without it the shop can take no payment");
  std::set<std::int64_t> ids;
  for (std::size_t i = 0; i < config.contracts.size(); ++i) {
    const Contract& contract = config.contracts[i];
    const std::string table = numbered("contract", i + 1);
    if (contract.amount_min > contract.amount_max) add(table + ".amount_max", "must not be less than amount_min");
    if (contract.acquirer != acquirer) {
      add(table + ".acquirer", "the configuration (acquirer.name) knows only " + acquirer);
    }
    if (contract.id != 0 && !ids.insert(contract.id).second) {
      add(table + ".id", "must be another one than those above it");
    }
  }
  std::set<Rule> rules;
  for (std::size_t i = 0; i < config.rules.size(); ++i) {
    if (!rules.insert(config.rules[i].rule).second) {
      add(numbered("rule", i + 1) + ".rule", "must be another one than those above it");
    }
  }
  return faults;
}

base::Result<void> create_shop(db::Tx& tx, const MerchantStore& store, const NewShop& made,
                               const std::string& acquirer) {
  ACQUIT_CHECK(check(made, acquirer));
  const base::ShopId shop = made.config.shop.id;
  ACQUIT_TRY(const auto there, store.find_config(tx, shop));
  if (there) return taken("shop.id", "there is a shop " + base::to_string(shop) + " already: " + there->shop.name);
  ACQUIT_TRY(const auto company, store.find_company(tx, made.company.id));
  if (company && company->name != made.company.name) {
    return taken("company.name", "company " + std::to_string(company->id) + " is there already as " + company->name);
  }
  ACQUIT_TRY(const auto group, store.find_group(tx, made.group.id));
  if (group && group->company_id != made.company.id) {
    return taken("group.id", "group " + std::to_string(group->id) + " (" + group->name + ") belongs to company " +
                                 std::to_string(group->company_id));
  }
  if (group && group->name != made.group.name) {
    return taken("group.name", "group " + std::to_string(group->id) + " is there already as " + group->name);
  }
  return store.add_shop(tx, made.company, made.group, made.config);
}

base::Result<Contract> close_contract(db::Tx& tx, const MerchantStore& store, base::ShopId shop,
                                      std::int64_t contract) {
  ACQUIT_TRY(const auto config, store.find_config(tx, shop));
  if (!config) return base::fail(ErrorCode::not_found, "no shop has the number " + base::to_string(shop));
  const Contract* const found = config->find_contract(contract);
  if (found == nullptr) {
    return base::fail(ErrorCode::not_found,
                      "shop " + base::to_string(shop) + " has no contract " + std::to_string(contract));
  }
  ACQUIT_TRY(const bool closed, store.close_contract(tx, shop, contract));
  if (closed) return *found;
  return base::fail(ErrorCode::wrong_state, "contract " + std::to_string(contract) + " (" + found->method + ", " +
                                                std::string(found->currency.code()) + ") of shop " +
                                                base::to_string(shop) + " is closed already");
}

}  // namespace acquit::merchants

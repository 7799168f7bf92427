#include "app/shop_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "app/shop_table.h"
#include "base/embedded.h"
#include "base/list.h"
#include "merchants/shop_fields.h"
#include "protocols/vads/signature.h"

ACQUIT_EMBEDDED(shop_example)

namespace acquit::app {
namespace {

using merchants::Contract;
using merchants::NotificationRule;

/// Reads the fields of a [table]; see merchants/shop_fields.h.
class FieldReader {
 public:
  explicit FieldReader(ShopTable& table) : table_(table) {}

  void text(std::string_view name, std::string& value, const merchants::TextRule& rule,
            std::optional<std::string> standard = {}) {
    value = table_.text(name, rule, std::move(standard));
  }
  template <class T, class Parse>
  void parsed(std::string_view name, T& value, const merchants::TextRule& rule, const Parse& parse,
              std::optional<std::string> standard = {}) {
    if (const auto read = parse(table_.text(name, rule, std::move(standard)))) value = *read;
  }
  template <class T>
  void number(std::string_view name, T& value, merchants::Bounds bounds, std::optional<std::int64_t> standard = {}) {
    value = static_cast<T>(table_.number(name, bounds, standard));
  }
  void flag(std::string_view name, bool& value, std::optional<bool> standard = {}) {
    value = table_.flag(name, standard);
  }

 private:
  ShopTable& table_;
};

class Parser {
 public:
  Parser(const toml::table& file, const std::string& acquirer, base::Random& random)
      : file_(file), acquirer_(acquirer), random_(random) {}

  base::Result<ShopFile> parse() {
    for (const auto& [name, node] : file_) {
      if (std::ranges::count(kTables, name.str()) == 0) {
        faults_.push_back(std::string(name.str()) + ": there is no such table; --print-example shows all");
      }
    }
    ShopFile made;
    merchants::NewShop& shop = made.shop;
    read("company", [&](FieldReader& field) { merchants::each_company_field(field, shop.company); });
    read("group", [&](FieldReader& field) { merchants::each_group_field(field, shop.group); });
    shop.group.company_id = shop.company.id;
    read("shop", [&](FieldReader& field) { merchants::each_shop_field(field, shop.config.shop); });
    shop.config.shop.group_id = shop.group.id;
    read_keys(made);
    shop.config.contracts = contracts();
    shop.config.rules = rules();
    for (const merchants::Fault& fault : merchants::faults_together(shop, acquirer_)) {
      faults_.push_back(fault.field + ": " + fault.words);
    }
    if (faults_.empty()) return made;
    return base::fail(base::ErrorCode::configuration_invalid, base::join(faults_, "\n"), "--file");
  }

 private:
  static constexpr std::array<std::string_view, 6> kTables{"company", "group", "shop", "keys", "contract", "rule"};

  ShopTable table(std::string_view name) {
    const toml::node* const node = file_.get(name);
    if (node != nullptr && !node->is_table()) faults_.push_back(std::string(name) + ": must be a [table]");
    return {node == nullptr ? nullptr : node->as_table(), std::string(name), faults_};
  }

  /// Calls `read` for each [[name]] with its number from 1.
  template <class F>
  void for_each(std::string_view name, F read) {
    const toml::node* const node = file_.get(name);
    if (node == nullptr) return;
    const toml::array* const list = node->as_array();
    if (list == nullptr || !list->is_homogeneous<toml::table>()) {
      if (list == nullptr || !list->empty())
        faults_.push_back(std::string(name) + ": must be written as [[" + std::string(name) + "]]");
      return;
    }
    std::int64_t count = 0;
    for (const toml::node& one : *list) {
      ++count;
      ShopTable entry(one.as_table(), std::string(name) + "[" + std::to_string(count) + "]", faults_);
      read(entry, count);
      entry.finish();
    }
  }

  template <class F>
  void read(std::string_view name, F each_field) {
    ShopTable of = table(name);
    FieldReader field(of);
    each_field(field);
    of.finish();
  }

  void read_keys(ShopFile& made) {
    ShopTable t = table("keys");
    merchants::ShopConfig& config = made.shop.config;
    const auto read = [&](std::string_view name, bool& is_made) {
      is_made = !t.has(name);
      return is_made ? merchants::make_key(random_) : base::SecretKey(t.text(name, merchants::rule::kKey, ""));
    };
    base::SecretKey test = read("test", made.made_key_test);
    base::SecretKey production = read("production", made.made_key_production);
    config.keys = merchants::both_keys(vads::kFormKey, std::move(test), std::move(production));
    t.finish();
  }

  std::vector<Contract> contracts() {
    std::vector<Contract> out;
    for_each("contract", [&](ShopTable& t, std::int64_t place) {
      Contract contract{.method = {},
                        .currency = *base::Currency::from_code("EUR"),
                        .merchant_number = {},
                        .terminal_id = {},
                        .acquirer = {},
                        .acquirer_id = {},
                        .active = true};
      FieldReader field(t);
      merchants::each_contract_field(field, contract, place, acquirer_);
      out.push_back(std::move(contract));
    });
    return out;
  }

  std::vector<NotificationRule> rules() {
    std::vector<NotificationRule> out;
    for_each("rule", [&](ShopTable& t, std::int64_t) {
      const std::size_t faults = faults_.size();
      NotificationRule rule;
      FieldReader field(t);
      merchants::each_rule_field(field, rule);
      // Empty is an answer, since forms may bring an address of their own; saying nothing is none.
      if (rule.enabled && !t.has("url_test") && !t.has("url_production")) {
        t.fault("enabled", "a rule that is on needs url_test or url_production");
      }
      if (faults_.size() == faults) out.push_back(std::move(rule));
    });
    merchants::add_missing_rules(out);
    return out;
  }

  const toml::table& file_;
  const std::string& acquirer_;
  base::Random& random_;
  Faults faults_;
};

}  // namespace

base::Result<ShopFile> parse_shop_file(std::string_view text, const std::string& acquirer, base::Random& random) {
  try {
    const toml::table file = toml::parse(text);
    return Parser(file, acquirer, random).parse();
  } catch (const toml::parse_error& error) {
    return base::fail(base::ErrorCode::configuration_invalid,
                      "line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()),
                      "--file");
  }
}

std::string_view shop_example() { return embedded::shop_example().front().content; }

}  // namespace acquit::app

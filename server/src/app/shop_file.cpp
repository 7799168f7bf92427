#include "app/shop_file.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <set>
#include <vector>

#include "app/shop_table.h"
#include "base/ascii.h"
#include "base/embedded.h"
#include "base/list.h"
#include "base/utf8.h"
#include "http/web_address.h"
#include "payments/threeds/authentication_request.h"
#include "platform/config/formats.h"
#include "platform/i18n/language.h"
#include "platform/mail/address.h"

ACQUIT_EMBEDDED(shop_example)

namespace acquit::app {
namespace {

using merchants::Contract;
using merchants::NotificationRule;
using merchants::Rule;

constexpr std::size_t kNameMax = 127;
constexpr std::size_t kMadeKeyCharacters = 16;
// Letters and digits of which nobody takes one for another; bytes beyond the last whole round of them are left out.
constexpr std::string_view kKeyCharacters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
constexpr std::size_t kFairBytes = 256 / kKeyCharacters.size() * kKeyCharacters.size();
constexpr std::int64_t kAmountMax = 99'999'999'999;
constexpr std::int64_t kNumberMax = std::numeric_limits<std::int64_t>::max();
constexpr std::array<std::string_view, 6> kMethods{"CB", "VISA", "MASTERCARD", "MAESTRO", "VISA_ELECTRON", "AMEX"};
constexpr std::array kAllRules{Rule::end_of_payment, Rule::back_office_operation, Rule::batch_authorisation,
                               Rule::subscription,   Rule::batch_change,          Rule::cancellation};

bool is_printable(std::string_view text) { return base::is_valid_utf8(text) && !base::has_control(text); }

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_address_list(std::string_view text) {
  if (text.empty()) return true;
  return std::ranges::all_of(base::split(text, ';'),
                             [](std::string_view one) { return mail::is_address(base::trim(one)); });
}

bool is_timezone(std::string_view text) {
  try {
    static_cast<void>(date::locate_zone(std::string(text)));
    return true;
  } catch (const std::exception&) {  // How the zone database says that there is no such zone.
    return false;
  }
}

bool is_code(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max && std::ranges::all_of(text, is_letter_or_digit);
}

constexpr TextRule kName{
    [](std::string_view t) { return !base::trim(t).empty() && is_printable(t) && base::utf8_length(t) <= kNameMax; },
    "must be a text of 1 to 127 characters"};
constexpr TextRule kShopNumber{[](std::string_view t) { return base::parse_shop_id(t).has_value(); },
                               "must be eight digits"};
constexpr TextRule kUrlOrNone{[](std::string_view t) { return t.empty() || http::is_web_address(t); },
                              "must begin with https:// or http:// and name a host, without blanks and quotes, or be "
                              "empty"};
constexpr TextRule kAddresses{[](std::string_view t) { return !t.empty() && is_address_list(t); },
                              "must be mail addresses separated by semicolons"};
constexpr TextRule kAddressesOrNone{is_address_list, "must be mail addresses separated by semicolons, or empty"};
constexpr TextRule kLanguage{[](std::string_view t) { return i18n::language_from_code(t).has_value(); },
                             "must be one of de en es fr it ja nl pl pt ru sv tr zh"};
constexpr TextRule kLanguages{[](std::string_view t) {
                                return t.empty() || std::ranges::all_of(base::split(t, ';'), [](std::string_view one) {
                                         return i18n::language_from_code(one).has_value();
                                       });
                              },
                              "must be languages separated by semicolons (\"fr;en\"), or empty"};
constexpr TextRule kTimezone{is_timezone, "must be a name of the zone database, such as Europe/Paris"};
// As the AReq of 3-D Secure carries them on.
constexpr TextRule kOwnUrl{[](std::string_view t) { return platform::fits(platform::ConfigFormat::web_address, t); },
                           "must begin with https:// or http:// and name a host, without blanks"};
constexpr TextRule kCountry{[](std::string_view t) {
                              const bool capitals = std::ranges::all_of(t, [](char c) { return c >= 'A' && c <= 'Z'; });
                              const int number = capitals ? payments::country_number(std::string(t)) : 0;
                              return t.size() == 2 && number > 0 && number < 901;
                            },
                            "must be two capital letters (ISO 3166)"};
constexpr TextRule kCategory{[](std::string_view t) { return t.size() == 4 && base::is_digits(t); },
                             "must be four digits (ISO 18245)"};
constexpr TextRule kAlgorithm{[](std::string_view t) { return t == "HMAC-SHA-256" || t == "SHA-1"; },
                              "must be HMAC-SHA-256 or SHA-1"};
constexpr TextRule kReturnMode{[](std::string_view t) { return t == "GET" || t == "POST" || t == "NONE"; },
                               "must be GET, POST or NONE"};
constexpr TextRule kOrigins{[](std::string_view t) {
                              return t.empty() || std::ranges::all_of(base::split(t, ' '), [](std::string_view one) {
                                       return http::is_web_address(one) &&
                                              one.find_first_of(";,'\"") == std::string_view::npos;
                                     });
                            },
                            "must be origins (https://…) separated by single blanks, or empty"};
constexpr TextRule kKey{[](std::string_view t) { return t.size() >= 16 && is_code(t, 64); },
                        "must be 16 to 64 letters and digits; leave it out to have one made"};
constexpr TextRule kMethod{[](std::string_view t) { return std::ranges::find(kMethods, t) != kMethods.end(); },
                           "must be CB, VISA, MASTERCARD, MAESTRO, VISA_ELECTRON or AMEX"};
constexpr TextRule kCurrency{[](std::string_view t) { return base::Currency::from_code(t).has_value(); },
                             "must be a currency of ISO 4217, such as EUR"};
constexpr TextRule kMerchantNumber{[](std::string_view t) { return is_code(t, 15); },
                                   "must be 1 to 15 letters and digits"};
constexpr TextRule kTerminal{[](std::string_view t) { return is_code(t, 8); }, "must be 1 to 8 letters and digits"};
constexpr TextRule kAcquirerId{[](std::string_view t) { return base::is_digits(t) && is_code(t, 11); },
                               "must be 1 to 11 digits"};
constexpr TextRule kAnyText{is_printable, "must be a text"};
constexpr TextRule kRule{[](std::string_view t) { return merchants::parse_rule(t).has_value(); },
                         "must be end_of_payment, back_office_operation, batch_authorisation, subscription, "
                         "batch_change or cancellation"};

class Parser {
 public:
  Parser(const toml::table& file, const std::string& acquirer, base::Random& random)
      : file_(file), acquirer_(acquirer), random_(random) {}

  base::Result<NewShop> parse() {
    for (const auto& [name, node] : file_) {
      if (std::ranges::count(kTables, name.str()) == 0) {
        faults_.push_back(std::string(name.str()) + ": there is no such table; --print-example shows all");
      }
    }
    NewShop made;
    ShopTable company = table("company");
    made.company = {.id = company.number("id", 1, kNumberMax), .name = company.text("name", kName)};
    company.finish();
    ShopTable group = table("group");
    made.group = {
        .id = group.number("id", 1, kNumberMax), .company_id = made.company.id, .name = group.text("name", kName)};
    group.finish();
    made.config.shop = shop();
    made.config.shop.group_id = made.group.id;
    read_keys(made);
    made.config.contracts = contracts();
    made.config.rules = rules();
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

  merchants::Shop shop() {
    ShopTable t = table("shop");
    merchants::Shop shop;
    shop.id = base::parse_shop_id(t.text("id", kShopNumber)).value_or(base::ShopId(0));
    shop.name = t.text("name", kName);
    shop.url = t.text("url", kOwnUrl);
    shop.contact_email = t.text("contact_email", kAddresses);
    shop.language = t.text("language", kLanguage);
    shop.available_languages = t.text("available_languages", kLanguages, "");
    shop.timezone = t.text("timezone", kTimezone);
    shop.country = t.text("country", kCountry);
    shop.category_code = t.text("category_code", kCategory);
    shop.active = t.flag("active", true);
    shop.algorithm = t.text("signature_algorithm", kAlgorithm, "HMAC-SHA-256") == "SHA-1"
                         ? merchants::SignatureAlgorithm::sha1
                         : merchants::SignatureAlgorithm::hmac_sha256;
    shop.capture_delay_days = static_cast<int>(t.number("capture_delay_days", 0, 365, 0));
    shop.manual_validation = t.flag("manual_validation", false);
    shop.return_mode = t.text("return_mode", kReturnMode, "GET");
    shop.silent_allowed = t.flag("silent_allowed", false);
    shop.frictionless_option = t.flag("frictionless_option", false);
    shop.deferred_option = t.flag("deferred_option", false);
    shop.order_id_required = t.flag("order_id_required", false);
    shop.refuse_relabelled = t.flag("refuse_relabelled", true);
    shop.frame_ancestors = t.text("frame_ancestors", kOrigins, "");
    shop.buyer_ticket = t.flag("buyer_ticket", true);
    shop.merchant_mail = t.text("merchant_mail", kAddressesOrNone, "");
    shop.pay_unauthenticated = t.flag("pay_unauthenticated", false);
    t.finish();
    return shop;
  }

  void read_keys(NewShop& made) {
    ShopTable t = table("keys");
    made.made_key_test = !t.has("test");
    made.made_key_production = !t.has("production");
    const std::string test = t.text("test", kKey, "");
    const std::string production = t.text("production", kKey, "");
    if (!test.empty() && test == production) t.fault("production", "must be another one than keys.test");
    made.config.form_key_test = made.made_key_test ? new_key() : base::SecretKey(test);
    made.config.form_key_production = made.made_key_production ? new_key() : base::SecretKey(production);
    t.finish();
  }

  base::SecretKey new_key() {
    std::string key;
    while (key.size() < kMadeKeyCharacters) {
      std::array<std::byte, 32> bytes{};
      random_.fill(bytes);
      for (const std::byte byte : bytes) {
        const auto value = std::to_integer<std::size_t>(byte);
        if (value < kFairBytes && key.size() < kMadeKeyCharacters) key += kKeyCharacters[value % kKeyCharacters.size()];
      }
    }
    return base::SecretKey(std::move(key));
  }

  std::vector<Contract> contracts() {
    std::vector<Contract> out;
    std::set<std::int64_t> ids;
    for_each("contract", [&](ShopTable& t, std::int64_t place) {
      Contract contract{
          .id = t.number("id", 1, kNumberMax),
          .method = t.text("method", kMethod),
          .currency =
              base::Currency::from_code(t.text("currency", kCurrency)).value_or(*base::Currency::from_code("EUR")),
          .merchant_number = t.text("merchant_number", kMerchantNumber),
          .terminal_id = t.text("terminal_id", kTerminal),
          .acquirer = t.text("acquirer", kAnyText, acquirer_),
          .acquirer_id = t.text("acquirer_id", kAcquirerId),
          .rank = t.number("rank", 1, 1'000'000, place),
          .amount_min = t.number("amount_min", 1, kAmountMax, 1),
          .amount_max = t.number("amount_max", 1, kAmountMax, kAmountMax),
          .capture_hour = static_cast<int>(t.number("capture_hour", 0, 23, 22)),
          .active = true};
      if (contract.amount_min > contract.amount_max) t.fault("amount_max", "must not be less than amount_min");
      if (contract.acquirer != acquirer_)
        t.fault("acquirer", "the configuration (acquirer.name) knows only " + acquirer_);
      if (contract.id != 0 && !ids.insert(contract.id).second) t.fault("id", "must be another one than those above it");
      out.push_back(std::move(contract));
    });
    if (out.empty())
      faults_.emplace_back("contract: there must be one at least; without it the shop can take no payment");
    return out;
  }

  std::vector<NotificationRule> rules() {
    std::vector<NotificationRule> out;
    for_each("rule", [&](ShopTable& t, std::int64_t) {
      const auto which = merchants::parse_rule(t.text("rule", kRule));
      const NotificationRule rule{.rule = which.value_or(Rule::end_of_payment),
                                  .enabled = t.flag("enabled"),
                                  .url_test = t.text("url_test", kUrlOrNone, ""),
                                  .url_production = t.text("url_production", kUrlOrNone, ""),
                                  .alert_addresses = t.text("alert_addresses", kAddressesOrNone, ""),
                                  .automatic_replay = t.flag("automatic_replay", true)};
      if (rule.enabled && !t.has("url_test") && !t.has("url_production")) {
        t.fault("enabled", "a rule that is on needs url_test or url_production");
      }
      if (!which) return;
      const bool twice = std::ranges::count(out, *which, &NotificationRule::rule) > 0;
      if (twice) return t.fault("rule", "must be another one than those above it");
      out.push_back(rule);
    });
    for (const Rule rule : kAllRules) {
      if (std::ranges::count(out, rule, &NotificationRule::rule) > 0) continue;
      out.push_back({.rule = rule,
                     .enabled = false,
                     .url_test = {},
                     .url_production = {},
                     .alert_addresses = {},
                     .automatic_replay = true});
    }
    return out;
  }

  const toml::table& file_;
  const std::string& acquirer_;
  base::Random& random_;
  Faults faults_;
};

}  // namespace

base::Result<NewShop> parse_shop_file(std::string_view text, const std::string& acquirer, base::Random& random) {
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

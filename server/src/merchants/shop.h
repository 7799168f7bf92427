// The shop and what belongs to it: contracts, keys, notification rules. Plain values without I/O.
//
// A ShopConfig is a snapshot of everything the payment path needs to know of one shop; it never changes once made.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/money.h"
#include "base/secret.h"

namespace acquit::merchants {

/// Which world a payment lives in: nothing of the one is seen by the other.
enum class Mode : std::uint8_t { test, production };
[[nodiscard]] std::string_view to_string(Mode mode);
[[nodiscard]] std::optional<Mode> parse_mode(std::string_view text);

/// How a form is signed (lyra.md §1.2).
enum class SignatureAlgorithm : std::uint8_t { sha1, hmac_sha256 };
[[nodiscard]] std::string_view to_string(SignatureAlgorithm algorithm);
[[nodiscard]] std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view text);

/// The methods that a contract can be about.
inline constexpr std::array<std::string_view, 6> kMethods{"CB",      "VISA",          "MASTERCARD",
                                                          "MAESTRO", "VISA_ELECTRON", "AMEX"};

/// An acceptance agreement of a shop for one method in one currency.
struct Contract {
  std::int64_t id = 0;
  std::string method;  ///< CB, VISA, MASTERCARD… (lyra.md §1.11).
  base::Currency currency;
  std::string merchant_number;  ///< As the acquirer knows it.
  std::string terminal_id;
  std::string acquirer;  ///< Name of a configured acquirer.
  std::string acquirer_id;
  std::int64_t rank = 0;
  std::int64_t amount_min = 0;  ///< Minor units, inclusive.
  std::int64_t amount_max = 0;
  int capture_hour = 0;  ///< Hour of the shop's day at which due transactions are handed over.
  bool active = false;

  /// Its currency, and within its limits.
  [[nodiscard]] bool takes(base::Money amount) const {
    return currency == amount.currency() && amount.minor() >= amount_min && amount.minor() <= amount_max;
  }
};

enum class Rule : std::uint8_t {
  end_of_payment,
  back_office_operation,
  batch_authorisation,
  subscription,
  batch_change,
  cancellation,
};
inline constexpr std::array kAllRules{Rule::end_of_payment, Rule::back_office_operation, Rule::batch_authorisation,
                                      Rule::subscription,   Rule::batch_change,          Rule::cancellation};
[[nodiscard]] std::string_view to_string(Rule rule);
[[nodiscard]] std::optional<Rule> parse_rule(std::string_view text);

struct NotificationRule {
  Rule rule = Rule::end_of_payment;
  bool enabled = false;
  std::string url_test;
  std::string url_production;
  std::string alert_addresses;  ///< Several, separated by ";".
  bool automatic_replay = false;

  [[nodiscard]] const std::string& url(Mode mode) const { return mode == Mode::test ? url_test : url_production; }
};

struct Shop {
  base::ShopId id{0};
  std::int64_t group_id = 0;
  std::string name;
  std::string url;
  std::string contact_email;
  std::string language;             ///< Default of the pay page.
  std::string available_languages;  ///< "fr;en"; empty: all.
  std::string timezone;             ///< IANA name.
  std::string country;              ///< ISO 3166 alpha-2.
  std::string category_code;        ///< ISO 18245, four digits.
  bool active = false;
  SignatureAlgorithm algorithm = SignatureAlgorithm::hmac_sha256;
  int capture_delay_days = 0;
  bool manual_validation = false;
  std::string return_mode;      ///< NONE, GET or POST where the form says nothing.
  bool silent_allowed = false;  ///< May send card data in the form.
  bool frictionless_option = false;
  bool deferred_option = false;  ///< May send MULTI_EXT plans.
  bool order_id_required = false;
  std::string frame_ancestors;       ///< Origins that may frame the page, separated by blanks; empty: none.
  bool buyer_ticket = false;         ///< Mail a ticket to the buyer.
  std::string merchant_mail;         ///< Where a mail goes after each payment; empty: none.
  bool pay_unauthenticated = false;  ///< Also where 3-D Secure fails by a fault of ours, payments go on without it.
  bool refuse_relabelled = true;     ///< PRODUCTION forms whose values may have stood under other names are refused.
};

/// What a protocol signs with, or knows a shop by.
struct ShopKey {
  std::string purpose;  ///< A word of the protocol that the key belongs to: "form".
  Mode mode = Mode::test;
  base::SecretKey key;
};
[[nodiscard]] std::vector<ShopKey> both_keys(std::string_view purpose, base::SecretKey test,
                                             base::SecretKey production);

struct ShopConfig {
  Shop shop;
  std::vector<ShopKey> keys;
  std::vector<Contract> contracts;  ///< Active ones, by rank.
  std::vector<Contract> closed{};   ///< Take no new payment, but what was begun under them is finished.
  std::vector<NotificationRule> rules;

  /// Empty if the shop has none: then nothing is signed with it.
  [[nodiscard]] const base::SecretKey& key(std::string_view purpose, Mode mode) const;
  void set_key(std::string_view purpose, Mode mode, base::SecretKey key);
  [[nodiscard]] const NotificationRule* find_rule(Rule rule) const;
  /// The first active contract for `method` that takes `amount`; null if none.
  [[nodiscard]] const Contract* find_contract(std::string_view method, base::Money amount) const;
  /// By id, closed or not: for what was begun under it. Null if the shop never had it.
  [[nodiscard]] const Contract* find_contract(std::int64_t contract_id) const;
  /// Methods that have a contract in `currency`, by rank, each once.
  [[nodiscard]] std::vector<std::string> methods(base::Currency currency) const;
};

}  // namespace acquit::merchants

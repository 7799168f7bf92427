#include "merchants/shop.h"

#include <algorithm>
#include <array>
#include <utility>

namespace acquit::merchants {
namespace {

constexpr std::array kRules{
    std::pair{Rule::end_of_payment, std::string_view("end_of_payment")},
    std::pair{Rule::back_office_operation, std::string_view("back_office_operation")},
    std::pair{Rule::batch_authorisation, std::string_view("batch_authorisation")},
    std::pair{Rule::subscription, std::string_view("subscription")},
    std::pair{Rule::batch_change, std::string_view("batch_change")},
    std::pair{Rule::cancellation, std::string_view("cancellation")},
};

}  // namespace

std::string_view to_string(Mode mode) { return mode == Mode::test ? "TEST" : "PRODUCTION"; }

std::optional<Mode> parse_mode(std::string_view text) {
  if (text == "TEST") return Mode::test;
  if (text == "PRODUCTION") return Mode::production;
  return std::nullopt;
}

std::string_view to_string(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::sha1 ? "SHA-1" : "HMAC-SHA-256";
}

std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view text) {
  for (const SignatureAlgorithm one : {SignatureAlgorithm::sha1, SignatureAlgorithm::hmac_sha256}) {
    if (text == to_string(one)) return one;
  }
  return std::nullopt;
}

std::string_view to_string(Rule rule) { return kRules[static_cast<std::size_t>(rule)].second; }

std::optional<Rule> parse_rule(std::string_view text) {
  const auto* found = std::ranges::find(kRules, text, &decltype(kRules)::value_type::second);
  return found == kRules.end() ? std::nullopt : std::optional(found->first);
}

std::vector<ShopKey> both_keys(std::string_view purpose, base::SecretKey test, base::SecretKey production) {
  return {{.purpose = std::string(purpose), .mode = Mode::test, .key = std::move(test)},
          {.purpose = std::string(purpose), .mode = Mode::production, .key = std::move(production)}};
}

const base::SecretKey& ShopConfig::key(std::string_view purpose, Mode mode) const {
  static const base::SecretKey kNone;
  const auto found =
      std::ranges::find_if(keys, [&](const ShopKey& one) { return one.purpose == purpose && one.mode == mode; });
  return found == keys.end() ? kNone : found->key;
}

void ShopConfig::set_key(std::string_view purpose, Mode mode, base::SecretKey key) {
  std::erase_if(keys, [&](const ShopKey& one) { return one.purpose == purpose && one.mode == mode; });
  keys.push_back({.purpose = std::string(purpose), .mode = mode, .key = std::move(key)});
}

const NotificationRule* ShopConfig::find_rule(Rule rule) const {
  const auto found = std::ranges::find(rules, rule, &NotificationRule::rule);
  return found == rules.end() ? nullptr : &*found;
}

const Contract* ShopConfig::find_contract(std::string_view method, base::Money amount) const {
  const auto found = std::ranges::find_if(
      contracts, [&](const Contract& contract) { return contract.method == method && contract.takes(amount); });
  return found == contracts.end() ? nullptr : &*found;
}

const Contract* ShopConfig::find_contract(std::int64_t contract_id) const {
  for (const auto* some : {&contracts, &closed}) {
    const auto found = std::ranges::find(*some, contract_id, &Contract::id);
    if (found != some->end()) return &*found;
  }
  return nullptr;
}

std::vector<std::string> ShopConfig::methods(base::Currency currency) const {
  std::vector<std::string> out;
  for (const Contract& contract : contracts) {
    if (contract.currency == currency && std::ranges::find(out, contract.method) == out.end())
      out.push_back(contract.method);
  }
  return out;
}

}  // namespace acquit::merchants

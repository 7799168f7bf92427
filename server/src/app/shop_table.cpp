#include "app/shop_table.h"

namespace acquit::app {

const toml::node* ShopTable::take(std::string_view key) {
  asked_.emplace(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

void ShopTable::fault(std::string_view key, std::string_view what) const {
  faults_.push_back(name_ + "." + std::string(key) + ": " + std::string(what));
}

std::string ShopTable::text(std::string_view key, const merchants::TextRule& rule,
                            std::optional<std::string> standard) {
  const toml::node* const node = take(key);
  if (node == nullptr) {
    if (!standard) fault(key, "is missing; it " + std::string(rule.words));
    return standard.value_or("");
  }
  const auto* const value = node->as_string();
  if (value == nullptr || !rule.holds(value->get())) {
    fault(key, std::string(rule.words) + (value == nullptr ? ", in quotes" : ""));
    return {};
  }
  return value->get();
}

std::int64_t ShopTable::number(std::string_view key, merchants::Bounds bounds, std::optional<std::int64_t> standard) {
  const toml::node* const node = take(key);
  const std::string words = words_of(bounds);
  if (node == nullptr) {
    if (!standard) fault(key, "is missing; it " + words);
    return standard.value_or(0);
  }
  const auto* const value = node->as_integer();
  if (value == nullptr || !bounds.hold(value->get())) {
    fault(key, words);
    return 0;
  }
  return value->get();
}

bool ShopTable::flag(std::string_view key, std::optional<bool> standard) {
  const toml::node* const node = take(key);
  if (node == nullptr) {
    if (!standard) fault(key, "is missing; it must be true or false");
    return standard.value_or(false);
  }
  const auto* const value = node->as_boolean();
  if (value == nullptr) fault(key, "must be true or false");
  return value != nullptr && value->get();
}

void ShopTable::finish() const {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    if (!asked_.contains(key.str())) fault(key.str(), "there is no such key; --print-example shows all");
  }
}

}  // namespace acquit::app

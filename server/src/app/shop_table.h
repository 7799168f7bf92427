// ShopTable: one [table] of a shop's file, read key by key. Every fault goes to a list under the key's name; what was
// asked for nowhere is unknown and a fault too.
//
// Borrows the table and the list; one thread.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "merchants/field_rules.h"

namespace acquit::app {

using Faults = std::vector<std::string>;

class ShopTable {
 public:
  /// `table` is null where the file has none: then every key that must be there is missing.
  ShopTable(const toml::table* table, std::string name, Faults& faults)
      : table_(table), name_(std::move(name)), faults_(faults) {}

  /// Without `standard` the key must be there.
  [[nodiscard]] std::string text(std::string_view key, const merchants::TextRule& rule,
                                 std::optional<std::string> standard = {});
  [[nodiscard]] std::int64_t number(std::string_view key, merchants::Bounds bounds,
                                    std::optional<std::int64_t> standard = {});
  [[nodiscard]] bool flag(std::string_view key, std::optional<bool> standard = {});
  [[nodiscard]] bool has(std::string_view key) const { return table_ != nullptr && table_->contains(key); }
  void fault(std::string_view key, std::string_view what) const;
  /// Once all keys were asked for: names those that are left.
  void finish() const;

 private:
  const toml::node* take(std::string_view key);
  const toml::table* table_;
  std::string name_;
  Faults& faults_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace acquit::app

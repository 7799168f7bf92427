// MerchantStore: shops, keys, contracts, rules and refused cards in the database. Every query names its shop,
// but for the list of all shops.
//
// Stateless but for the vault that opens the keys; safe from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/actor.h"
#include "base/clock.h"
#include "base/result.h"
#include "db/tx.h"
#include "merchants/shop.h"
#include "platform/vault/vault.h"

namespace acquit::merchants {

struct Company {
  std::int64_t id = 0;
  std::string name;
};

struct Group {
  std::int64_t id = 0;
  std::int64_t company_id = 0;
  std::string name;
};

class MerchantStore {
 public:
  MerchantStore(const platform::Vault& vault, const base::Clock& clock) : vault_(vault), clock_(clock) {}

  /// The shop with all that the payment path needs, or nothing if there is no such shop.
  [[nodiscard]] base::Result<std::optional<ShopConfig>> find_config(db::ReadTx& tx, base::ShopId shop) const;
  /// The numbers of all shops, closed ones too.
  [[nodiscard]] base::Result<std::vector<base::ShopId>> shop_numbers(db::ReadTx& tx) const;
  /// Writes a new shop with its keys, contracts and rules. Errors: constraint_violated if it exists.
  [[nodiscard]] base::Result<void> add_shop(db::Tx& tx, const Company& company, const Group& group,
                                            const ShopConfig& config) const;
  [[nodiscard]] base::Result<std::optional<Company>> find_company(db::ReadTx& tx, std::int64_t company) const;
  [[nodiscard]] base::Result<std::optional<Group>> find_group(db::ReadTx& tx, std::int64_t group) const;
  /// The contract takes no new payment; what was begun under it is finished. False if it was not open, or not there.
  [[nodiscard]] base::Result<bool> close_contract(db::Tx& tx, base::ShopId shop, std::int64_t contract) const;
  [[nodiscard]] base::Result<void> update_addresses(db::Tx& tx, base::ShopId shop, std::string_view url,
                                                    std::string_view frame_ancestors) const;
  [[nodiscard]] base::Result<void> update_rule(db::Tx& tx, base::ShopId shop, const NotificationRule& rule) const;

  /// Whether a card is refused at a shop.
  class Block {
   public:
    explicit Block(db::Asked asked) : asked_(std::move(asked)) {}
    /// Why, or nothing. Once.
    [[nodiscard]] base::Result<std::optional<std::string>> reason();

   private:
    db::Asked asked_;
  };
  [[nodiscard]] Block ask_block(db::ReadTx& tx, base::ShopId shop, std::string_view fingerprint) const;
  [[nodiscard]] base::Result<void> block_card(db::Tx& tx, base::ShopId shop, std::string_view fingerprint,
                                              std::string_view reason, const base::Actor& actor) const;
  [[nodiscard]] base::Result<void> unblock_card(db::Tx& tx, base::ShopId shop, std::string_view fingerprint) const;

 private:
  const platform::Vault& vault_;
  const base::Clock& clock_;
};

}  // namespace acquit::merchants

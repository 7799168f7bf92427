// create_shop: a new shop with its keys, contracts and rules, in a company and a group that may be there already. What
// is valid is said here and in shop_fields.h, for whoever makes shops.
//
// Free functions; what they write is committed by the caller.
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "db/tx.h"
#include "merchants/merchant_store.h"
#include "merchants/shop.h"

namespace acquit::merchants {

struct NewShop {
  Company company;
  Group group;
  ShopConfig config;
};

/// What is wrong with a field: "contract[2].amount_max", "must not be less than amount_min".
struct Fault {
  std::string field;
  std::string words;
};

/// Sixteen characters of which nobody takes one for another.
[[nodiscard]] base::SecretKey make_key(base::Random& random);
/// Those of the six rules that are missing, off.
void add_missing_rules(std::vector<NotificationRule>& rules);
/// What no field shows by itself: that contracts, rules and keys differ where they must, that bounds have room.
/// `acquirer`: the name that the configuration has for the acquirer.
[[nodiscard]] std::vector<Fault> faults_together(const NewShop& made, const std::string& acquirer);
/// Errors: field_value (the first field, and all faults, a line each), already_exists (the field that is taken).
[[nodiscard]] base::Result<void> create_shop(db::Tx& tx, const MerchantStore& store, const NewShop& made,
                                             const std::string& acquirer);

/// The contract takes no new payment; what was begun under it is finished. Errors: not_found, wrong_state (closed
/// already).
[[nodiscard]] base::Result<Contract> close_contract(db::Tx& tx, const MerchantStore& store, base::ShopId shop,
                                                    std::int64_t contract);

}  // namespace acquit::merchants

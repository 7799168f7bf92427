// What follows once an authorisation whose outcome was unknown is surely held by nobody. Part of a write.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "merchants/shop.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

struct Reversed {
  base::Actor actor;
  bool batch = false;  ///< A job had asked: it asks again later.
  std::string detail;  ///< For the history.
};

/// The buyer's try is refused, and he may try again; a job's is put off. Does nothing where the transaction went on.
[[nodiscard]] base::Result<void> end_reversed(const Services& services, db::Tx& tx, const merchants::ShopConfig& shop,
                                              TransactionId id, const Reversed& how);

}  // namespace acquit::payments

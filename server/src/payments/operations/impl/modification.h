// What modify and validate do alike: a change of amount or capture date, as one step of a transaction that is locked.
//
// In the caller's transaction; nobody is told of it yet. Errors: those of modify (operations.h).
#pragma once

#include <string_view>

#include "base/result.h"
#include "db/tx.h"
#include "payments/operations/operations.h"
#include "payments/store/services.h"

namespace acquit::payments {

[[nodiscard]] base::Result<void> take_modification(const Services& services, const merchants::ShopConfig& shop,
                                                   db::Tx& tx, Transaction& transaction, const Modification& change,
                                                   const base::Actor& actor);

}  // namespace acquit::payments

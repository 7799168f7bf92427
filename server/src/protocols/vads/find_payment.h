// A payment by what its form called it and a day that a person read somewhere. A read; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "db/tx.h"
#include "payments/store/payment_store.h"

namespace acquit::vads {

/// The day that a form counts by is that of UTC; what was read may be the shop's, a day apart. Errors:
/// wrong_state (none of that day, but of the day before and of the day after), and those of a read.
[[nodiscard]] base::Result<std::optional<payments::Payment>> find_payment(const payments::PaymentStore& store,
                                                                          db::ReadTx& tx, base::ShopId shop,
                                                                          std::string_view trans_id,
                                                                          std::chrono::sys_days day);

}  // namespace acquit::vads

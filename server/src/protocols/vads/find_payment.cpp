#include "protocols/vads/find_payment.h"

#include <string>
#include <utility>

#include "protocols/vads/request.h"

namespace acquit::vads {

base::Result<std::optional<payments::Payment>> find_payment(const payments::PaymentStore& store, db::ReadTx& tx,
                                                            base::ShopId shop, std::string_view trans_id,
                                                            std::chrono::sys_days day) {
  const auto find = [&](std::chrono::sys_days on) {
    return store.find_by_key(tx, shop, kProtocol, payment_key(trans_id, on));
  };
  ACQUIT_TRY(auto exact, find(day));
  if (exact) return exact;
  ACQUIT_TRY(auto before, find(day - std::chrono::days(1)));
  ACQUIT_TRY(auto after, find(day + std::chrono::days(1)));
  if (before && after) {
    return base::fail(base::ErrorCode::wrong_state, "the shop used " + std::string(trans_id) +
                                                        " the day before and the day after; give the day in UTC");
  }
  return before ? std::move(before) : std::move(after);
}

}  // namespace acquit::vads

#include "notifications/notices.h"

#include "db/statement.h"

ACQUIT_EMBEDDED(sql_notifications)

namespace acquit::notifications {
namespace {

const db::Statement kTell = db::load_statement(embedded::sql_notifications(), "notifications.tell");

}  // namespace

base::Result<bool> may_tell(db::Tx& tx, base::ShopId shop, std::string_view kind, base::Time now,
                            base::Milliseconds period) {
  ACQUIT_TRY(const std::int64_t rows,
             tx.change(kTell, {shop.value(), kind, base::to_ms(now), base::to_ms(now - period)}));
  return rows == 1;
}

}  // namespace acquit::notifications

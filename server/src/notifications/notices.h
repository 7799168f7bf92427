// Notices: what a shop is told once in a while only, however often it happens and whatever server finds it.
//
// Stateless; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "db/tx.h"

namespace acquit::notifications {

/// True if the shop was not told of `kind` within the last `period`; then it is told now, and the caller's commit says
/// so. Of several that ask at once one hears true.
[[nodiscard]] base::Result<bool> may_tell(db::Tx& tx, base::ShopId shop, std::string_view kind, base::Time now,
                                          base::Milliseconds period);

}  // namespace acquit::notifications

#include "app/replay.h"

#include "app/operate.h"

namespace acquit::app {
base::Result<notifications::Delivery> replay(Desk& desk, const Which& which) {
  ACQUIT_TRY(const Found found, find_which(desk, which));
  return base::sync_wait(desk.notifier().replay_notification(found.payment.shop, found.main().id, operator_name()));
}

}  // namespace acquit::app

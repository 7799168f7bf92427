#include "app/replay.h"

namespace acquit::app {
namespace {

// As the transaction's history shows who did it.
constexpr const char* kActorOperator = "OPERATOR";

}  // namespace

base::Result<notifications::Delivery> replay(Desk& desk, const Which& which) {
  ACQUIT_TRY(const Found found, find_which(desk, which));
  return base::sync_wait(desk.notifier().replay_notification(found.payment.shop, found.main().id, kActorOperator));
}

}  // namespace acquit::app

// `acquit replay-notification`: tells a shop the end of a payment once more, because an operator wants it.
#pragma once

#include "app/desk.h"
#include "app/which.h"
#include "base/result.h"
#include "notifications/delivery.h"

namespace acquit::app {

/// Value: the call, taken or not. Errors: those of find_which, and wrong_state where there is no URL to call.
[[nodiscard]] base::Result<notifications::Delivery> replay(Desk& desk, const Which& which);

}  // namespace acquit::app

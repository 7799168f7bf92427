// The notification that a vads shop gets (lyra.md §1.12, §2.2): all fields of the return and some more, signed, by a
// POST; the status of the answer alone says whether the shop has it. Pure; any thread.
#pragma once

#include "notifications/formatter.h"

namespace acquit::vads {

[[nodiscard]] notifications::Call notification(const notifications::Occasion& occasion);

/// Taken: 200 to 206, 301, 302, 303, 307 and 308, and no other.
[[nodiscard]] notifications::Verdict judge_answer(const http::IncomingResponse& answer);

}  // namespace acquit::vads

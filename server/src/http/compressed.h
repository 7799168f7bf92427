// compressed(): answers that say that they may be are gzipped where the client takes that and it is worth it.
//
// Only what a handler marks (Response::compressible): the length of a compressed answer tells something about its text
// (ADR 0021). Files have codings of their own (static_file.h). Safe from any thread.
#pragma once

#include "base/random.h"
#include "http/message.h"

namespace acquit::http {

/// `random` makes the length of each answer differ a little.
[[nodiscard]] Handler compressed(base::Random& random, Handler handler);

}  // namespace acquit::http

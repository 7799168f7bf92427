// Waits for a PostgreSQL connection that end at a given moment, which libpq's own do not.
//
// Free functions on a borrowed connection; one thread. A wait that ended by its limit leaves the connection in the
// middle of something: it has to be given up.
#pragma once

#include <libpq-fe.h>
#include <poll.h>

#include <span>

#include "base/clock.h"

namespace acquit::db::impl {

/// poll() until `until`, whatever signals come; false if nothing happened by then.
[[nodiscard]] bool poll_until(std::span<pollfd> sockets, base::Monotonic until);

/// Sends what is queued and takes in answers until PQgetResult would not wait any more, be it since the connection is
/// lost. False if that took too long.
[[nodiscard]] bool pg_wait_for_result(PGconn* connection, base::Monotonic until);

}  // namespace acquit::db::impl

#include "db/impl/pg_wait.h"

#include <algorithm>
#include <array>
#include <limits>

namespace acquit::db::impl {
namespace {

/// Rounded up, so that a wait does not spin through its last millisecond.
int milliseconds_until(base::Monotonic until) {
  const auto left = std::chrono::ceil<base::Milliseconds>(until - base::OsClock().monotonic()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

bool poll_until(std::span<pollfd> sockets, base::Monotonic until) {
  for (;;) {
    const int left = milliseconds_until(until);
    if (poll(sockets.data(), sockets.size(), left) > 0) return true;
    if (left == 0) return false;
  }
}

bool pg_wait_for_result(PGconn* connection, base::Monotonic until) {
  for (;;) {
    const int unsent = PQflush(connection);
    if (unsent < 0 || PQisBusy(connection) == 0) return true;
    const auto events = static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN);
    std::array sockets = {pollfd{.fd = PQsocket(connection), .events = events, .revents = 0}};
    if (!poll_until(sockets, until)) return false;
    // At the end of the stream PQgetResult has the farewell or says that the connection is lost.
    if (PQconsumeInput(connection) == 0) return true;
  }
}

}  // namespace acquit::db::impl

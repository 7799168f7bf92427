// PgConnector: makes the connections of one database address, for all lanes and readers.
//
// Where the address names several hosts, all are tried side by side, the one that was right last time a moment ahead;
// the first that takes us wins. Nobody waits for a name server that is dead: the others go on, and where the address of
// a host is remembered, it serves. After a failure everybody is refused at once until the next try, which one caller
// makes for all; once it succeeds, all may connect. Safe from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "db/impl/pg_connection.h"
#include "db/impl/pg_names.h"

namespace acquit::db::impl {

/// One host of an address, as libpq's parameters name it; empty members are not given.
struct PgHost {
  std::string host;
  std::string hostaddr;
  std::string port;
};

/// Which server of a cluster is wanted.
enum class PgRole : std::uint8_t { primary, any };

struct PgConnected {
  PgHandle handle;
  std::size_t host = 0;  ///< Which of those that the address names.
  std::string session;   ///< What no other session of the server is called, ever.
};

struct PgWish {
  base::Milliseconds time_limit{10'000};  ///< What the server bounds statements by.
  base::Monotonic until{};                ///< When the connection has to be there.
  std::size_t first = 0;                  ///< The host that is tried before the others.
  PgRole role = PgRole::primary;
  PgNames names{};  ///< Where the addresses of hosts are looked up, and remembered.
};
/// A connection as `url` says to one of its hosts, with our bounds on waiting; not in pipeline mode.
[[nodiscard]] base::Result<PgConnected> pg_connect(const std::string& url, const PgWish& wish);
/// The hosts that `url` names, one if it leaves that to libpq. Errors: configuration_invalid.
[[nodiscard]] base::Result<std::vector<PgHost>> pg_hosts(const std::string& url);

class PgConnector {
 public:
  /// Its connections count in `round_trips` how often they wait for the server.
  PgConnector(std::string url, base::Milliseconds time_limit, std::atomic<std::uint64_t>& round_trips,
              PgRole role = PgRole::primary, PgNames names = PgNames())
      : url_(std::move(url)),
        time_limit_(time_limit),
        round_trips_(round_trips),
        role_(role),
        names_(std::move(names)) {}

  /// Errors: database_unavailable, at once while the wait after a failed try is on, and at `until`.
  [[nodiscard]] base::Result<std::unique_ptr<PgConnection>> open(base::Monotonic until);
  /// The same within the limit.
  [[nodiscard]] base::Result<std::unique_ptr<PgConnection>> open() { return open(clock_.monotonic() + time_limit_); }
  /// Grows whenever another host took over: connections made before lead to one that is none any more.
  [[nodiscard]] std::uint64_t take_overs() const { return take_overs_; }

 private:
  /// The host to begin with, or the error of those who have to wait.
  [[nodiscard]] base::Result<std::size_t> may_try();
  void note_success(std::size_t host);
  void note_failure(const base::Error& error);

  const std::string url_;
  const base::Milliseconds time_limit_;
  std::atomic<std::uint64_t>& round_trips_;
  const PgRole role_;
  const PgNames names_;
  base::OsClock clock_;
  std::atomic<std::uint64_t> take_overs_ = 0;

  std::mutex mutex_;  // Of what follows.
  std::size_t host_ = 0;
  base::Milliseconds wait_{0};  // Zero while all is well.
  base::Monotonic next_try_;
  bool trying_ = false;
  base::Error last_error_;
};

}  // namespace acquit::db::impl

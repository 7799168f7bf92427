// PgConnection: one PostgreSQL connection in pipeline mode with its prepared statements.
//
// Commands are queued without waiting; await_last() and sync() collect results in order. After a failure the server
// skips all that was queued behind it until the next sync(). The types of parameters come from their use in the
// statement; where nothing tells them (`select $1`), the statement says so by `cast($1 as bigint)`.
// All waits since start_clock() together last no longer than it says; a connection that let that pass counts as lost.
// Owned and used by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <deque>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "db/tx.h"

namespace acquit::db::impl {

struct PgClear {
  void operator()(PGresult* result) const { PQclear(result); }
};
struct PgFinish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using PgHandle = std::unique_ptr<PGconn, PgFinish>;
using PgResult = std::unique_ptr<PGresult, PgClear>;

struct PgFailure {
  base::Error error;
  std::string sqlstate;  ///< Empty if the server said nothing (connection gone).
  bool own = false;      ///< The command waited for failed, not one queued before it.
  bool serialisation = false;
  bool lost = false;  ///< The connection can't be used any more.
};
template <class T>
using PgOutcome = std::expected<T, PgFailure>;

class PgConnection {
 public:
  /// Takes over a connection that is made; `session` is what the server calls it. Counts in `round_trips`, which
  /// outlives it, how often it waits for the server.
  static base::Result<std::unique_ptr<PgConnection>> take(PgHandle handle, std::string session,
                                                          std::atomic<std::uint64_t>& round_trips);

  /// The server has the time from now to `until`. Only waiting for it counts, not what happens here in between.
  void start_clock(base::Monotonic until) { left_ = until - clock_.monotonic(); }

  /// Queues one command; its rows go to `place`, if there is one. Fails without being queued if a text can't be stored;
  /// the connection stays usable.
  [[nodiscard]] base::Result<void> queue(const Statement& statement, Params params,
                                         std::shared_ptr<Asked::Place> place = nullptr);
  /// Queues a change that fails unless it changes exactly one row.
  [[nodiscard]] base::Result<void> queue_one(const Statement& statement, Params params);
  /// Queues the opening of the cursor acquit_rows over what `statement` selects.
  [[nodiscard]] base::Result<void> queue_cursor(const Statement& statement, Params params);
  /// The same for a command without parameters.
  void queue(const Statement& statement);
  /// Waits for all that is queued; the last one's result, or the first failure.
  [[nodiscard]] PgOutcome<PgResult> await_last();
  /// Waits like await_last and ends the state of failure, so that commands run again.
  [[nodiscard]] PgOutcome<PgResult> sync();
  /// The same without waiting: the answer is taken in with those of the next commands.
  void sync_later();

  [[nodiscard]] bool lost() const { return lost_; }
  /// Lost since the server took longer than the limit; it may be at work still.
  [[nodiscard]] bool timed_out() const { return timed_out_; }
  [[nodiscard]] const std::string& session() const { return session_; }
  /// Whether the server still has another session of this name.
  [[nodiscard]] PgOutcome<bool> has_session(const std::string& session);
  /// False once the connection is lost or has to be made anew, also if the server hung up while nothing was going on.
  [[nodiscard]] bool usable();

 private:
  enum class Readiness : std::uint8_t { none, sent, ready };
  struct Prepared {
    std::string name;
    std::string text;
    Readiness readiness = Readiness::none;
  };
  enum class Kind : std::uint8_t { prepare, execute, sync };
  struct Expected {
    Kind kind;
    Prepared* prepared;   // Null for a sync. Stays where it is: the map's nodes don't move.
    std::uint64_t group;  // A preparation and its execution are one group.
    std::shared_ptr<Asked::Place> place;
  };
  using PreparedOnes = std::unordered_map<std::string, Prepared>;

  PgConnection(PgHandle handle, std::string session, std::atomic<std::uint64_t>& round_trips)
      : handle_(std::move(handle)), session_(std::move(session)), round_trips_(round_trips) {}
  [[nodiscard]] Prepared& find(const Statement& statement);
  [[nodiscard]] Prepared& find_one(const Statement& statement);
  [[nodiscard]] Prepared& find_cursor(const Statement& statement);
  [[nodiscard]] Prepared& add_unkept(std::string text);
  [[nodiscard]] bool gather(Params params);
  void send(Prepared& prepared, std::shared_ptr<Asked::Place> place);
  void expect(bool sent, Kind kind, Prepared* prepared, std::shared_ptr<Asked::Place> place = nullptr);
  [[nodiscard]] bool wait_for_result();
  [[nodiscard]] PgOutcome<PgResult> consume_all();
  [[nodiscard]] PgResult consume_one(const Expected& expected, std::optional<PgFailure>& failure);
  [[nodiscard]] PgFailure lost_failure();

  PgHandle handle_;
  const std::string session_;
  base::OsClock clock_;
  std::chrono::nanoseconds left_{0};
  std::atomic<std::uint64_t>& round_trips_;
  PreparedOnes statements_;
  PreparedOnes ones_;     // The same as queue_one() sends them.
  PreparedOnes cursors_;  // And as queue_cursor() does.
  // Those that are not kept, without a name, as long as they may be on their way.
  std::deque<Prepared> unkept_;
  std::deque<Expected> expected_;
  std::uint64_t group_ = 0;
  bool lost_ = false;
  bool timed_out_ = false;
  bool stale_ = false;  // A statement was prepared against a schema that has changed since.
  // What gather() leaves for send(); members so that their memory is used again.
  std::string scratch_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

[[nodiscard]] Row pg_row(const PGresult* result, int row);
[[nodiscard]] Rows pg_rows(const PGresult* result);
[[nodiscard]] std::int64_t pg_changed(PGresult* result);
/// The error that the server reported in `result`.
[[nodiscard]] PgFailure pg_failure(const PGresult* result);

}  // namespace acquit::db::impl

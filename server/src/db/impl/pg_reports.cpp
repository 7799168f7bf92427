#include "db/impl/pg_reports.h"

#include <vector>

#include "base/log.h"
#include "db/impl/engine_support.h"
#include "db/impl/pg_read.h"

namespace acquit::db::impl {
namespace {

/// A standby that is away is not waited for by every read.
constexpr std::chrono::seconds kAwayFor{10};

const Statement& written_statement() {
  static const Statement kWritten{
      .name = "acquit.written", .sqlite = {}, .postgresql = "select cast(pg_current_wal_lsn() as text)"};
  return kWritten;
}

/// Whether it is a standby, whether it has what the primary had, and how old its last commit is.
const Statement& state_statement() {
  static const Statement kState{
      .name = "acquit.standby_state",
      .sqlite = {},
      .postgresql =
          "select pg_is_in_recovery(),"
          " coalesce(pg_last_wal_replay_lsn() >= cast(nullif(cast($1 as text), '') as pg_lsn), false),"
          " cast(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 as bigint)"};
  return kState;
}

}  // namespace

base::Result<std::unique_ptr<Database>> PgReports::open(Database& primary, const Options& options,
                                                        base::Executor& executor) {
  if (const auto hosts = pg_hosts(options.report_url); !hosts) {
    return base::fail(base::ErrorCode::configuration_invalid, hosts.error().detail, "database.report_url");
  }
  return std::unique_ptr<Database>(new PgReports(primary, options, executor));
}

PgReports::PgReports(Database& primary, const Options& options, base::Executor& executor)
    : Database(executor),
      primary_(primary),
      time_limit_(options.time_limit),
      lag_max_(options.report_lag_max),
      to_primary_(options.url, options.time_limit, round_trips_),
      to_standby_(options.report_url, options.time_limit, round_trips_, PgRole::any),
      primary_link_(to_primary_),
      standby_link_(to_standby_),
      reads_(options.queue_max),
      thread_([this] { loop(); }) {}

PgReports::~PgReports() {
  reads_.close();
  thread_.join();
}

Counters PgReports::counters() const {
  Counters counters = primary_.counters();
  counters.round_trips += round_trips_.load();
  counters.standby_reads = standby_reads_.load();
  return counters;
}

void PgReports::loop() {
  std::vector<ReadWork*> works;
  while (reads_.take(1, works)) answer(*works.front());
  for (ReadWork* work : works) work->refuse(cancelled_error());
}

void PgReports::answer(ReadWork& work) {
  // A standby that does not answer must leave the primary its time.
  const auto connection = standby(work.since + line_limit(time_limit_) / 2);
  say(connection ? std::string() : connection.error().detail);
  if (connection && read(**connection, work)) return;
  if (!pass(primary_, work)) work.refuse({.code = base::ErrorCode::lane_full, .field = {}, .detail = "too many reads"});
}

base::Result<PgConnection*> PgReports::standby(base::Monotonic until) {
  const auto no = [](std::string why) { return base::fail(base::ErrorCode::database_unavailable, std::move(why)); };
  if (clock_.monotonic() < away_until_) return no(away_);
  const auto connection = standby_link_.ready(until);
  if (!connection) {
    away_ = connection.error().detail;
    away_until_ = clock_.monotonic() + kAwayFor;
    return no(away_);
  }
  const std::string primary_has = written(until);
  (*connection)->start_clock(until);
  static_cast<void>((*connection)->queue(state_statement(), {primary_has}));
  const auto answer = (*connection)->sync();
  if (!answer) return no(answer.error().error.detail);
  const Rows rows = pg_rows(answer->get());
  const Row& state = rows.at(0);
  if (!state.boolean(0)) return no("it is no standby");
  if (state.boolean(1)) return *connection;
  const auto lag_ms = state.maybe_integer(2);
  if (!lag_ms) return no("it has taken over nothing yet");
  if (*lag_ms > lag_max_.count()) return no("it is behind");
  return *connection;
}

std::string PgReports::written(base::Monotonic until) {
  const auto connection = primary_link_.ready(until);
  if (!connection) return {};
  (*connection)->start_clock(until);
  (*connection)->queue(written_statement());
  const auto answer = (*connection)->sync();
  return answer ? pg_rows(answer->get()).at(0).text(0) : std::string();
}

bool PgReports::read(PgConnection& connection, ReadWork& work) {
  PgRead read(connection, work.since + time_limit_);
  try {
    work.run(read.tx());
  } catch (const std::exception&) {
    return false;  // A bug shows on the primary too, where it is told.
  }
  if (read.tx().failure()) return false;
  count(standby_reads_);
  work.finish();
  return true;
}

void PgReports::say(const std::string& why_not) {
  if (why_not == said_) return;
  said_ = why_not;
  if (why_not.empty()) {
    base::log::info("reports_from_standby");
  } else {
    base::log::warning("reports_from_primary", {{"why", why_not}});
  }
}

}  // namespace acquit::db::impl

#include "bench/meter.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include "base/number.h"
#include "base/task.h"
#include "bench/stop_with.h"
#include "http/client.h"
#include "net/loop.h"

namespace acquit::bench {
namespace {

constexpr double kNothingIdle = 0.10;      // Below this the processors have no room left,
constexpr double kDiskWait = 0.50;         // above this the disk is what the writer waits for,
constexpr double kAlwaysBusy = 0.80;       // above this one thread has no room left.
constexpr std::chrono::seconds kIdle(11);  // PostgreSQL's processes hand in what they counted after ten idle seconds.

std::string metrics_of(const std::string& server) {
  net::Loop loop(1);
  loop.run_in_background();
  const auto client = http::Client::make({.allow_private_addresses = true}, loop);
  return must(base::sync_wait(client->send({.method = http::Method::get, .url = server + "/metrics"}))).body;
}

std::int64_t metric(const std::string& metrics, const std::string& name) {
  const std::string before = "\nacquit_" + name + " ";
  const std::size_t at = metrics.find(before);
  if (at == std::string::npos) stop_with("no " + name + " in /metrics");
  const std::string_view rest = std::string_view(metrics).substr(at + before.size());
  return *base::parse_int<std::int64_t>(rest.substr(0, rest.find('\n')));
}

std::int64_t syncs_of_postgresql(const std::string& uri) {
  PGconn* connection = PQconnectdb(uri.c_str());
  std::optional<std::int64_t> count;
  std::string why;
  // The second is where version 18 moved it to.
  for (const char* query :
       {"select wal_sync from pg_stat_wal", "select sum(fsyncs)::bigint from pg_stat_io where object = 'wal'"}) {
    PGresult* result = PQexec(connection, query);
    if (PQresultStatus(result) == PGRES_TUPLES_OK) count = base::parse_int<std::int64_t>(PQgetvalue(result, 0, 0));
    why = PQerrorMessage(connection);
    PQclear(result);
    if (count) break;
  }
  PQfinish(connection);
  if (!count) stop_with("PostgreSQL does not say how often it synced: " + why);
  return *count;
}

double part(std::int64_t before, std::int64_t after, double total) {
  return std::clamp(static_cast<double>(after - before) / total, 0.0, 1.0);
}

}  // namespace

Shares shares_between(const Reading& before, const Reading& after) {
  const auto total = static_cast<double>(std::max<std::int64_t>(after.machine.total_ms - before.machine.total_ms, 1));
  Shares shares{.server = part(before.server_ms, after.server_ms, total),
                .acquirer = part(before.acquirer_ms, after.acquirer_ms, total),
                .database = part(before.database_ms, after.database_ms, total),
                .load = part(before.load_ms, after.load_ms, total),
                .others = 0,
                .idle = part(before.machine.idle_ms, after.machine.idle_ms, total)};
  const double ours = shares.server + shares.acquirer + shares.database + shares.load;
  shares.others = std::max(0.0, 1.0 - ours - shares.idle);
  return shares;
}

std::string limited_by(const Shares& shares, const ThreadWatch::Shares& threads) {
  if (shares.idle < kNothingIdle) return "processors";
  if (threads.disk_wait > kDiskWait) return "disk";
  if (threads.busiest > kAlwaysBusy) return "one thread";
  return "waiting";
}

Reading Meter::read() const {
  Reading reading;
  reading.machine = machine_time();
  reading.server_ms = cpu_ms(options_.server);
  reading.load_ms = cpu_ms(::getpid());
  for (const pid_t child : children_of(options_.server)) reading.acquirer_ms += cpu_ms(child);
  if (options_.postgresql != 0) {
    reading.database_ms = cpu_ms(options_.postgresql);
    for (const pid_t child : children_of(options_.postgresql)) reading.database_ms += cpu_ms(child);
  }
  reading.commits = metric(metrics_of(options_.url), "db_commits_total");
  return reading;
}

std::int64_t Meter::syncs() const {
  if (options_.postgresql == 0) return metric(metrics_of(options_.url), "db_syncs_total");
  std::this_thread::sleep_for(kIdle);  // tidy: nothing tells when PostgreSQL's processes have handed in their counts
  return syncs_of_postgresql(options_.statistics);
}

ThreadWatch Meter::watch() const {
  return ThreadWatch(options_.postgresql == 0 ? std::vector{options_.server} : children_of(options_.postgresql));
}

}  // namespace acquit::bench

#include "app/node_metrics.h"

#include <atomic>

#include "base/clock.h"
#include "net/tls.h"

namespace acquit::app {
namespace {

using Kind = platform::Metrics::Kind;

template <class T>
std::int64_t value(const T& counter) {
  return static_cast<std::int64_t>(counter);
}

void add_database(platform::Metrics& metrics, const Storage& storage) {
  const db::Database& database = *storage.database;
  metrics.add(Kind::counter, "db_commits_total", "Commits of the database.",
              [&database] { return value(database.counters().commits); });
  metrics.add(Kind::counter, "db_syncs_total", "Files that SQLite made durable; 0 on PostgreSQL.",
              [&database] { return value(database.counters().syncs); });
  metrics.add(Kind::counter, "db_works_total", "Writes that were committed.",
              [&database] { return value(database.counters().works); });
  metrics.add(Kind::counter, "db_refused_full_total", "Writes refused because a lane was full.",
              [&database] { return value(database.counters().refused_full); });
  metrics.add(Kind::counter, "db_retried_alone_total", "Writes that were run again by themselves.",
              [&database] { return value(database.counters().retried_alone); });
  metrics.add(Kind::counter, "db_round_trips_total", "How often somebody waited for PostgreSQL; 0 on SQLite.",
              [&database] { return value(database.counters().round_trips); });
  metrics.add(Kind::gauge, "outbox_in_flight", "Messages being sent at this moment.",
              [&storage] { return value(storage.outbox->in_flight()); });
}

void add_server(platform::Metrics& metrics, const http::Server& server) {
  metrics.add(Kind::gauge, "http_connections", "Connections that are open.",
              [&server] { return value(server.counters().connections); });
  metrics.add(Kind::gauge, "http_buffered_bytes", "Memory for requests and answers under way.",
              [&server] { return value(server.counters().buffered_bytes); });
  metrics.add(Kind::counter, "http_evicted_total", "Connections that were told to go to make room for others.",
              [&server] { return value(server.counters().evicted); });
  metrics.add(Kind::counter, "http_refused_total", "Connections that there was no room for.",
              [&server] { return value(server.counters().refused); });
  if (server.certificate_ends()) {
    metrics.add(Kind::gauge, "server_certificate_days_left", "Days until the certificate of the buyers' door ends.",
                [&server] {
                  const base::Time now = base::OsClock().now();
                  return net::days_left(server.certificate_ends().value_or(now), now);
                });
  }
}

void add_acquirer(platform::Metrics& metrics, const BankLines& bank) {
  const iso8583::Iso8583Acquirer* const acquirer = bank.real();
  metrics.add(Kind::gauge, "acquirer_in_clear", "1 if card numbers travel to an acquirer without TLS.",
              [&bank] { return std::int64_t{bank.in_clear() ? 1 : 0}; });
  if (bank.certificate_days_left()) {
    metrics.add(Kind::gauge, "acquirer_own_certificate_days_left",
                "Days until the first certificate ends by which an acquirer knows us.",
                [&bank] { return bank.certificate_days_left().value_or(0); });
  }
  metrics.add(Kind::gauge, "acquirer_ready", "1 if the acquirer's line is signed on.",
              [acquirer] { return std::int64_t{acquirer != nullptr && acquirer->ready() ? 1 : 0}; });
  if (acquirer == nullptr) return;
  metrics.add(Kind::counter, "acquirer_answers_total", "Answers of the acquirer.",
              [acquirer] { return value(acquirer->counters().answers.load()); });
  metrics.add(Kind::counter, "acquirer_time_outs_total", "Requests that the acquirer did not answer in time.",
              [acquirer] { return value(acquirer->counters().time_outs.load()); });
  metrics.add(Kind::counter, "acquirer_unusable_answers_total",
              "Answers of the acquirer that can't be read or believed; what they may hold is reversed.",
              [acquirer] { return value(acquirer->counters().unusable.load()); });
}

void add_results_door(platform::Metrics& metrics, const ResultsDoor& door) {
  if (!door.is_open()) return;
  metrics.add(Kind::counter, "threeds_results_turned_away_total",
              "Results that came to the buyers' door although directory servers have one of their own.",
              [&door] { return value(door.turned_away()); });
  metrics.add(Kind::counter, "threeds_results_handshakes_failed_total",
              "Connections to the directory servers' door without a certificate that opens it.",
              [&door] { return value(door.handshakes_failed()); });
  metrics.add(Kind::gauge, "threeds_results_certificate_days_left", "Days until the certificate of that door ends.",
              [&door] { return door.certificate_days_left(); });
}

void add_threeds(platform::Metrics& metrics, Directories& directories) {
  const threeds::ThreeDsServer& real = directories.of(merchants::Mode::production);
  const threeds::ThreeDsServer& test = directories.of(merchants::Mode::test);
  using Counters = threeds::ThreeDsServer::Counters;
  const auto sum = [&real, &test](std::atomic<std::uint64_t> Counters::* counter) {
    return value((real.counters().*counter).load() + (test.counters().*counter).load());
  };
  metrics.add(Kind::counter, "threeds_own_faults_total", "Requests that settings or shop data kept from the directory.",
              [&real, &test] { return value(real.own_faults() + test.own_faults()); });
  metrics.add(Kind::counter, "threeds_refused_total", "Requests that the directory answered with an error message.",
              [sum] { return sum(&Counters::refused); });
  metrics.add(Kind::counter, "threeds_failed_total", "Requests without a usable answer of the directory.",
              [sum] { return sum(&Counters::failed); });
  metrics.add(Kind::gauge, "threeds_fit", "0 if a fault of our own kept 3-D Secure from a payment lately.",
              [&directories] { return std::int64_t{directories.fit() ? 1 : 0}; });
  if (!directories.certificate_days_left()) return;
  metrics.add(Kind::gauge, "threeds_certificate_days_left",
              "Days until the first certificate ends by which a directory server knows us.",
              [&directories] { return directories.certificate_days_left().value_or(0); });
}

}  // namespace

void add_metrics(platform::Metrics& metrics, const MeasuredParts& parts) {
  add_database(metrics, parts.storage);
  add_server(metrics, parts.server);
  add_acquirer(metrics, parts.bank);
  add_results_door(metrics, parts.results_door);
  add_threeds(metrics, parts.directories);
  metrics.add(Kind::gauge, "acquirer_doubts",
              "Captures, refunds and reversals of all nodes that a person has to settle by the bank's list.",
              [&doubts = parts.doubts] { return doubts.load(); });
  metrics.add(Kind::counter, "acquirer_own_faults_total", "Messages that our settings kept from being sent.",
              [&faults = parts.line_faults] { return value(faults.count()); });
  metrics.add(Kind::gauge, "acquirer_fit", "0 if our settings kept a message from being sent lately.",
              [&faults = parts.line_faults] { return std::int64_t{faults.fit() ? 1 : 0}; });
  metrics.add(Kind::gauge, "resident_bytes", "Memory in RAM.", [] { return platform::resident_bytes(); });
}

}  // namespace acquit::app

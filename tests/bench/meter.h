// The meter: what a measured span of time cost, and by that what limited it.
//
// Made by main for one engine; read before and after the span. Stops the program where /proc or a server does not
// answer.
#pragma once

#include <cstdint>
#include <string>

#include "bench/process.h"

namespace acquit::bench {

/// Counts that only grow.
struct Reading {
  MachineTime machine;
  std::int64_t server_ms = 0;    ///< Processor time of the server process,
  std::int64_t acquirer_ms = 0;  ///< of the simulated world,
  std::int64_t database_ms = 0;  ///< of PostgreSQL's processes,
  std::int64_t load_ms = 0;      ///< of this program.
  std::int64_t commits = 0;      ///< As the server counts them.
};

/// Shares of all processors' time.
struct Shares {
  double server = 0;
  double acquirer = 0;
  double database = 0;
  double load = 0;
  double others = 0;
  double idle = 0;
};
[[nodiscard]] Shares shares_between(const Reading& before, const Reading& after);

/// "processors", "disk", "one thread" or "waiting": the first that the numbers show.
[[nodiscard]] std::string limited_by(const Shares& shares, const ThreadWatch::Shares& threads);

class Meter {
 public:
  struct Options {
    pid_t server = 0;
    std::string url;         ///< Of the server, for its /metrics.
    pid_t postgresql = 0;    ///< 0 with SQLite, which is a part of the server.
    std::string statistics;  ///< PostgreSQL: address of one of its databases.
  };
  explicit Meter(Options options) : options_(std::move(options)) {}

  [[nodiscard]] Reading read() const;
  /// How often a file was made durable, as the engine counts it: SQLite's own, PostgreSQL's log. On PostgreSQL this
  /// takes some seconds in which nothing may be written.
  [[nodiscard]] std::int64_t syncs() const;
  /// Watches the threads that write: the server's with SQLite, PostgreSQL's processes otherwise.
  [[nodiscard]] ThreadWatch watch() const;

 private:
  Options options_;
};

}  // namespace acquit::bench

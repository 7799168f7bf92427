// acquit-bench: prints one JSON object with a member for each engine: what complete payments reach, and what the disk
// or server could at most (docs/benchmark.md).
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "app/child.h"
#include "app/migrate.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/number.h"
#include "bench/limit.h"
#include "bench/load.h"
#include "bench/memory.h"
#include "bench/meter.h"
#include "bench/process.h"
#include "bench/stop_with.h"
#include "db/testing/postgres_server.h"

namespace acquit::bench {
namespace {

struct Options {
  bool sqlite = true;
  bool postgresql = true;
  std::chrono::milliseconds duration{10'000};
  int connections = 64;
  std::uint64_t stored = 0;  ///< Payments written beforehand, by the bare loop.
  std::uint64_t limit_payments = 60'000;
  std::uint64_t memory_payments = 0;  ///< Watches the memory of so many payments, and measures nothing else.
  std::string cache_mib;              ///< database.cache_mib; empty: its default.
};

struct Target {
  std::string engine;
  std::string folder;
  std::string database;      ///< Of the server: URI, or empty for SQLite.
  std::string limit_target;  ///< An empty database of the same kind.
  int limit_connections = 1;
  pid_t postgresql = 0;  ///< Its first process; 0 for SQLite.
};

std::string url_of_file(const std::string& path) { return "sqlite:" + path; }

base::Result<double> run_limit(const Target& target, const LimitOptions& options) {
  return target.engine == "sqlite" ? limit_sqlite(options) : limit_postgresql(options);
}

app::Child start_server(const Target& target, const std::vector<std::string>& settings) {
  std::vector<std::string> arguments{"demo",           "--listen", "127.0.0.1:0",           "--sandbox",
                                     "127.0.0.1:0",    "--data",   target.folder + "/data", "--set",
                                     "log.level=error"};
  for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
  if (!target.database.empty()) arguments.insert(arguments.end(), {"--database", target.database});
  return must(app::Child::start(app::program_folder() + "/acquit", arguments));
}

std::string address_in(const std::string& ready) {
  const std::string before = R"("server":")";
  const std::size_t at = ready.find(before);
  if (at == std::string::npos) stop_with("the server said: " + ready);
  return ready.substr(at + before.size(), ready.find('"', at + before.size()) - at - before.size());
}

// One run of everything against one engine.
struct Measured {
  double limit = 0;
  LoadResult full;
  LoadResult half;
  double loaded_mb = 0;
  double idle_mb = 0;
  std::int64_t cpu_ms = 0;
  std::int64_t commits = 0;
  std::int64_t syncs = 0;
  Shares shares;
  ThreadWatch::Shares threads;
};

void measure_full_load(const Meter& meter, const LoadOptions& load, Measured& measured) {
  const std::int64_t syncs_before = meter.syncs();
  const Reading before = meter.read();
  {
    ThreadWatch watch = meter.watch();
    measured.full = must(run_load(load));
    measured.threads = watch.stop();
  }
  const Reading after = meter.read();
  measured.cpu_ms = after.server_ms - before.server_ms;
  measured.commits = after.commits - before.commits;
  measured.shares = shares_between(before, after);
  measured.syncs = meter.syncs() - syncs_before;
}

Measured measure_all(const Target& target, const Options& options) {
  std::filesystem::create_directories(target.folder + "/data");
  app::Child server =
      start_server(target, {"limits.tries_per_card=1000000000", "server.connections_per_address=1000000",
                            "outbox.run=false", "notifications.before_return=false"});
  const std::string url = address_in(must(server.read_line()));
  if (options.stored > 0) {
    const std::string own = target.database.empty() ? target.folder + "/data/acquit.db" : target.database;
    must(run_limit(
        target,
        {.target = own, .payments = options.stored, .connections = target.limit_connections, .first = 1'000'000'000}));
  }
  Measured measured;
  measured.idle_mb = resident_mb(server.pid());
  LoadOptions load{.server = url.substr(7), .connections = options.connections, .duration = options.duration / 4};
  load.first = must(run_load(load)).next;
  load.duration = options.duration;
  const Meter meter(
      {.server = server.pid(), .url = url, .postgresql = target.postgresql, .statistics = target.limit_target});
  measure_full_load(meter, load, measured);
  measured.loaded_mb = resident_mb(server.pid());
  load.first = measured.full.next;
  load.rate = static_cast<double>(measured.full.accepted) / measured.full.seconds / 2;
  measured.half = must(run_load(load));
  server.stop();
  measured.limit = must(run_limit(
      target,
      {.target = target.limit_target, .payments = options.limit_payments, .connections = target.limit_connections}));
  if (measured.full.failed > 0) {
    std::fprintf(stderr, "acquit-bench: first failure: %s\n", measured.full.first_failure.c_str());
  }
  return measured;
}

// Everything as a shop has it but the limits, which one address and few cards would meet.
std::string measure_memory(const Target& target, const Options& options) {
  std::filesystem::create_directories(target.folder + "/data");
  std::vector<std::string> settings{"limits.tries_per_card=1000000000", "server.connections_per_address=1000000"};
  if (!options.cache_mib.empty()) settings.push_back("database.cache_mib=" + options.cache_mib);
  app::Child server = start_server(target, settings);
  const std::string url = address_in(must(server.read_line()));
  const MemoryResult m = watch_memory({.server = url.substr(7),
                                       .pid = server.pid(),
                                       .connections = options.connections,
                                       .payments = options.memory_payments});
  server.stop();
  if (m.failed > 0) std::fprintf(stderr, "acquit-bench: first failure: %s\n", m.first_failure.c_str());
  return fmt::format(
      R"("{}":{{"payments":{},"failed":{},"seconds":{:.1f},"resident_mb_idle":{:.1f},"resident_mb_first_third":{:.1f},)"
      R"("resident_mb_later":{:.1f}}})",
      target.engine, m.accepted, m.failed, m.seconds, m.idle_mb, m.third_mb, m.most_mb);
}

// The engine's member of the answer.
std::string measure(const Target& target, const Options& options) {
  if (options.memory_payments > 0) return measure_memory(target, options);
  const Measured m = measure_all(target, options);
  const auto accepted = static_cast<double>(m.full.accepted);
  const double rate = accepted / m.full.seconds;
  std::string out = fmt::format(
      R"("{}":{{"stored":{},"payments_per_s":{:.0f},"limit_per_s":{:.0f},"ratio":{:.3f},"p50_ms_half_load":{:.2f},)"
      R"("p99_ms_half_load":{:.2f},"p50_ms_full_load":{:.2f},"p99_ms_full_load":{:.2f},"cpu_ms_per_payment":{:.3f},)"
      R"("resident_mb_loaded":{:.0f},"resident_mb_idle":{:.0f},)",
      target.engine, options.stored, rate, m.limit, rate / m.limit, m.half.p50_ms, m.half.p99_ms, m.full.p50_ms,
      m.full.p99_ms, static_cast<double>(m.cpu_ms) / accepted, m.loaded_mb, m.idle_mb);
  out += fmt::format(R"("fdatasync_per_s":{:.0f},"commits_per_s":{:.0f},"payments_per_commit":{:.1f},)",
                     static_cast<double>(m.syncs) / m.full.seconds, static_cast<double>(m.commits) / m.full.seconds,
                     accepted * 2 / static_cast<double>(m.commits));
  out += fmt::format(
      R"("cpu_share_server":{:.2f},"cpu_share_acquirer":{:.2f},"cpu_share_database":{:.2f},"cpu_share_load":{:.2f},)"
      R"("cpu_share_others":{:.2f},"cpu_share_idle":{:.2f},"busiest_thread_share":{:.2f},"disk_wait_share":{:.2f},)"
      R"("limited_by":"{}",)",
      m.shares.server, m.shares.acquirer, m.shares.database, m.shares.load, m.shares.others, m.shares.idle,
      m.threads.busiest, m.threads.disk_wait, limited_by(m.shares, m.threads));
  return out + fmt::format(R"("failed":{},"seconds":{:.1f}}})", m.full.failed + m.half.failed, m.full.seconds);
}

std::string measure_sqlite(const std::string& folder, const Options& options) {
  std::filesystem::create_directories(folder);
  const std::string file = folder + "/limit.db";
  must(app::bring_up_to_date({.url = url_of_file(file)}, base::OsClock().now()));
  return measure({.engine = "sqlite",
                  .folder = folder,
                  .database = {},
                  .limit_target = file,
                  .limit_connections = 1,
                  .postgresql = 0},
                 options);
}

std::string measure_postgresql(const std::string& folder, const Options& options) {
  const auto server = db::testing::PostgresServer::start(/*durable=*/true, folder);
  if (!server) return {};
  const std::string limit_database = server->fresh_database();
  must(app::bring_up_to_date({.url = limit_database}, base::OsClock().now()));
  must(add_vault_key(limit_database));
  return measure({.engine = "postgresql",
                  .folder = folder,
                  .database = server->fresh_database(),
                  .limit_target = limit_database,
                  .limit_connections = 4,
                  .postgresql = server->pid()},
                 options);
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const auto number = [&]() -> std::int64_t {
      const auto value = i + 1 < argc ? base::parse_int<std::int64_t>(argv[++i]) : std::nullopt;
      if (!value || *value < 0) stop_with(name + " wants a number");
      return *value;
    };
    if (name == "--sqlite") {
      options.postgresql = false;
    } else if (name == "--postgresql") {
      options.sqlite = false;
    } else if (name == "--seconds") {
      options.duration = std::chrono::seconds(number());
    } else if (name == "--connections") {
      options.connections = static_cast<int>(number());
    } else if (name == "--stored") {
      options.stored = static_cast<std::uint64_t>(number());
    } else if (name == "--limit") {
      options.limit_payments = static_cast<std::uint64_t>(number());
    } else if (name == "--memory") {
      options.memory_payments = static_cast<std::uint64_t>(number());
    } else if (name == "--cache-mib") {
      options.cache_mib = std::to_string(number());
    } else {
      stop_with(
          "usage: acquit-bench [--sqlite | --postgresql] [--seconds N] [--connections N] [--stored N] [--limit N] "
          "[--memory N [--cache-mib N]]");
    }
  }
  return options;
}

// The whole answer, with the engines that are here.
std::string measure_engines(const Options& options) {
  // Beside the program and not in /tmp, which may be memory: durable means a disk.
  const std::string folder = app::program_folder() + "/bench-data";
  std::filesystem::remove_all(folder);
  std::string members;
  if (options.sqlite) members = measure_sqlite(folder + "/sqlite", options);
  if (options.postgresql) {
    const std::string member = measure_postgresql(folder + "/postgresql", options);
    if (!member.empty()) base::append_part(members, member, ",");
  }
  std::filesystem::remove_all(folder);
  return "{" + members + "}";
}

void run(const Options& options) {
  const std::string answer = measure_engines(options);
  std::printf("%s\n", answer.c_str());
  if (options.postgresql && answer.find(R"("postgresql":)") == std::string::npos) {
    stop_with("PostgreSQL is not installed here, so it was not measured; --sqlite asks for SQLite only");
  }
}

}  // namespace
}  // namespace acquit::bench

int main(int argc, char** argv) {
  using namespace acquit::bench;
  try {
    run(parse(argc, argv));
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "acquit-bench: %s\n", failed.what());
    return 1;
  }
  return 0;
}

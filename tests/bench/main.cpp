// acquit-bench: prints one JSON object with a member for each engine: what complete payments reach, and what the disk
// or server could at most (docs/benchmark.md).
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "app/child.h"
#include "base/clock.h"
#include "base/text.h"
#include "bench/limit.h"
#include "bench/load.h"
#include "bench/process.h"
#include "db/migrate.h"
#include "db/testing/postgres_server.h"
#include "http/client.h"
#include "net/loop.h"

namespace acquit::bench {
namespace {

struct Options {
  bool sqlite = true;
  bool postgresql = true;
  std::chrono::milliseconds duration{10'000};
  int connections = 64;
  std::uint64_t stored = 0;  ///< Payments written beforehand, by the bare loop.
  std::uint64_t limit_payments = 60'000;
};

struct Target {
  std::string engine;
  std::string folder;
  std::string database;      ///< Of the server: URI, or empty for SQLite.
  std::string limit_target;  ///< An empty database of the same kind.
  int limit_connections = 1;
};

[[noreturn]] void stop_with(const std::string& why) {
  std::fprintf(stderr, "acquit-bench: %s\n", why.c_str());
  std::exit(1);
}
template <class T>
T must(base::Result<T> result) {
  if (!result) stop_with(result.error().detail);
  return *std::move(result);
}

std::string url_of_file(const std::string& path) { return "sqlite:" + path; }

base::Result<double> run_limit(const Target& target, const LimitOptions& options) {
  return target.engine == "sqlite" ? limit_sqlite(options) : limit_postgresql(options);
}

// acquit_db_commits_total of /metrics.
std::int64_t commits(const std::string& server) {
  net::Loop loop(1);
  loop.run_in_background();
  const auto client = http::Client::make({.allow_private_addresses = true, .ca_file = {}}, loop);
  const auto answer = must(base::sync_wait(client->send({.method = http::Method::get, .url = server + "/metrics"})));
  const std::string name = "\nacquit_db_commits_total ";
  const std::size_t at = answer.body.find(name);
  if (at == std::string::npos) stop_with("no commits in /metrics");
  const std::string_view rest = std::string_view(answer.body).substr(at + name.size());
  return *base::parse_int<std::int64_t>(rest.substr(0, rest.find('\n')));
}

app::Child start_server(const Target& target) {
  std::vector<std::string> arguments{"demo",
                                     "--listen",
                                     "127.0.0.1:0",
                                     "--sandbox",
                                     "127.0.0.1:0",
                                     "--data",
                                     target.folder + "/data",
                                     "--set",
                                     "limits.tries_per_card=1000000000",
                                     "--set",
                                     "outbox.run=false",
                                     "--set",
                                     "notifications.before_return=false",
                                     "--set",
                                     "log.level=warning"};
  if (!target.database.empty()) arguments.insert(arguments.end(), {"--database", target.database});
  return must(app::Child::start(app::program_folder() + "/acquit", arguments));
}

std::string address_in(const std::string& ready) {
  const std::string before = R"("server":")";
  const std::size_t at = ready.find(before);
  if (at == std::string::npos) stop_with("the server said: " + ready);
  return ready.substr(at + before.size(), ready.find('"', at + before.size()) - at - before.size());
}

// The engine's member of the answer.
std::string measure(const Target& target, const Options& options) {
  std::filesystem::create_directories(target.folder + "/data");
  app::Child server = start_server(target);
  const std::string url = address_in(must(server.read_line()));
  if (options.stored > 0) {
    const std::string own = target.database.empty() ? target.folder + "/data/acquit.db" : target.database;
    must(run_limit(
        target,
        {.target = own, .payments = options.stored, .connections = target.limit_connections, .first = 1'000'000'000}));
  }
  const double idle_mb = resident_mb(server.pid());
  LoadOptions load{.server = url.substr(7), .connections = options.connections, .duration = options.duration / 4};
  const LoadResult warm = must(run_load(load));
  load.first = warm.next;
  load.duration = options.duration;
  const std::int64_t cpu_before = cpu_ms(server.pid());
  const std::int64_t commits_before = commits(url);
  const LoadResult full = must(run_load(load));
  const std::int64_t cpu = cpu_ms(server.pid()) - cpu_before;
  const std::int64_t commits_made = commits(url) - commits_before;
  const double loaded_mb = resident_mb(server.pid());
  const double rate = static_cast<double>(full.accepted) / full.seconds;
  load.first = full.next;
  load.rate = rate / 2;
  const LoadResult half = must(run_load(load));
  server.stop();
  const double limit = must(run_limit(
      target,
      {.target = target.limit_target, .payments = options.limit_payments, .connections = target.limit_connections}));
  if (full.failed > 0) std::fprintf(stderr, "acquit-bench: first failure: %s\n", full.first_failure.c_str());
  return fmt::format(
      R"("{}":{{"stored":{},"payments_per_s":{:.0f},"limit_per_s":{:.0f},"ratio":{:.3f},"p50_ms_half_load":{:.2f},)"
      R"("p99_ms_half_load":{:.2f},"p50_ms_full_load":{:.2f},"p99_ms_full_load":{:.2f},"cpu_ms_per_payment":{:.3f},)"
      R"("resident_mb_loaded":{:.0f},"resident_mb_idle":{:.0f},"fdatasync_per_s":{:.0f},"payments_per_commit":{:.1f},)"
      R"("failed":{},"seconds":{:.1f}}})",
      target.engine, options.stored, rate, limit, rate / limit, half.p50_ms, half.p99_ms, full.p50_ms, full.p99_ms,
      static_cast<double>(cpu) / static_cast<double>(full.accepted), loaded_mb, idle_mb,
      static_cast<double>(commits_made) / full.seconds,
      static_cast<double>(full.accepted) * 2 / static_cast<double>(commits_made), full.failed + half.failed,
      full.seconds);
}

std::string measure_sqlite(const std::string& folder, const Options& options) {
  std::filesystem::create_directories(folder);
  const std::string file = folder + "/limit.db";
  must(db::migrate({.url = url_of_file(file)}, base::OsClock().now()));
  return measure({.engine = "sqlite", .folder = folder, .database = {}, .limit_target = file, .limit_connections = 1},
                 options);
}

std::string measure_postgresql(const std::string& folder, const Options& options) {
  const auto server = db::testing::PostgresServer::start(/*durable=*/true);
  if (!server) {
    std::fprintf(stderr, "acquit-bench: PostgreSQL is not installed; left out\n");
    return {};
  }
  const std::string limit_database = server->fresh_database();
  must(db::migrate({.url = limit_database}, base::OsClock().now()));
  must(add_vault_key(limit_database));
  return measure({.engine = "postgresql",
                  .folder = folder,
                  .database = server->fresh_database(),
                  .limit_target = limit_database,
                  .limit_connections = 4},
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
    } else {
      stop_with("usage: acquit-bench [--sqlite | --postgresql] [--seconds N] [--connections N] [--stored N]");
    }
  }
  return options;
}

}  // namespace
}  // namespace acquit::bench

int main(int argc, char** argv) {
  using namespace acquit::bench;
  const Options options = parse(argc, argv);
  // Beside the program and not in /tmp, which may be memory: durable means a disk.
  const std::string folder = acquit::app::program_folder() + "/bench-data";
  std::filesystem::remove_all(folder);
  std::string members;
  if (options.sqlite) members = measure_sqlite(folder + "/sqlite", options);
  if (options.postgresql) {
    const std::string member = measure_postgresql(folder + "/postgresql", options);
    if (!member.empty()) members += (members.empty() ? "" : ",") + member;
  }
  std::filesystem::remove_all(folder);
  std::printf("{%s}\n", members.c_str());
  return 0;
}

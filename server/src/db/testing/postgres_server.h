// PostgresServer: a private PostgreSQL on a UNIX socket in a temporary directory, for tests and benchmarks.
//
// Durable as in production unless asked otherwise. As root it runs as user `postgres`. Stops and deletes everything
// when destroyed; should the program crash, the kernel stops it. Safe from any thread once made.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace acquit::db::testing {

class PostgresServer {
 public:
  /// Null if PostgreSQL is not installed here: skip the test. Throws if it is but does not start. The data go into a
  /// new directory below `place`, which is made if need be; by default beside the socket.
  static std::unique_ptr<PostgresServer> start(bool durable = true, const std::filesystem::path& place = {});
  /// Another server that follows this one by streaming, until promote().
  [[nodiscard]] std::unique_ptr<PostgresServer> start_standby() const;
  /// One for the whole program, started when first asked for.
  static PostgresServer* shared();
  ~PostgresServer();

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// The address of a new database: a copy of another, which nobody may have open; empty without one.
  std::string fresh_database(const std::string& like = "template1");
  void make_database(const std::string& name, const std::string& like = "template1") const;
  [[nodiscard]] std::string url(const std::string& database) const;
  /// Of its socket.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  /// Of its first process, the parent of all others.
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Stops the server as a crash would and starts it again on the same data.
  void crash_and_restart();
  /// Stops it as a crash would, for good.
  void crash();
  /// Makes a standby a primary; returns once it is.
  void promote() const;
  /// Stops all its processes where they are, as a machine that hangs would; they take connections and never answer.
  void freeze() const { signal_all(SIGSTOP); }
  void thaw() const { signal_all(SIGCONT); }

 private:
  PostgresServer(std::filesystem::path programs, std::filesystem::path directory, std::filesystem::path data,
                 bool durable);
  /// Runs a program to its end.
  void run(const std::vector<std::string>& command) const;
  void launch();
  void stop(int signal);
  void signal_all(int signal) const;
  void wait_until_ready() const;

  std::filesystem::path programs_;
  std::filesystem::path directory_;  // Of the socket, whose path must be short, and of the logs.
  std::filesystem::path data_;
  bool durable_;
  pid_t pid_ = -1;
  std::atomic<int> databases_ = 0;
};

}  // namespace acquit::db::testing

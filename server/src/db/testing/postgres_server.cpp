#include "db/testing/postgres_server.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "db/testing/server_process.h"

namespace acquit::db::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMs = 20;
constexpr int kPolls = 1500;  // Half a minute.

fs::path find_programs() {
  for (const char* version : {"15", "16", "17", "18"}) {
    fs::path folder = fs::path("/usr/lib/postgresql") / version / "bin";
    if (fs::exists(folder / "postgres") && fs::exists(folder / "initdb")) return folder;
  }
  return {};
}

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

}  // namespace

std::unique_ptr<PostgresServer> PostgresServer::start(bool durable, const fs::path& place) {
  const fs::path programs = find_programs();
  if (programs.empty()) return nullptr;
  const fs::path directory = make_server_directory(fs::temp_directory_path());
  if (!place.empty()) fs::create_directories(place);
  const fs::path data = place.empty() ? directory : make_server_directory(fs::absolute(place));
  std::unique_ptr<PostgresServer> made(new PostgresServer(programs, directory, data, durable));
  made->run({programs / "initdb", "-D", data / "data", "-U", "acquit", "--auth=trust", "-E", "UTF8", "--locale=C",
             "--no-sync", "--no-instructions"});
  made->launch();
  return made;
}

std::unique_ptr<PostgresServer> PostgresServer::start_standby() const {
  const fs::path directory = make_server_directory(fs::temp_directory_path());
  std::unique_ptr<PostgresServer> made(new PostgresServer(programs_, directory, directory, durable_));
  made->run({programs_ / "pg_basebackup", "-h", directory_.string(), "-U", "acquit", "-D", directory / "data", "-R",
             "--checkpoint=fast", "--no-sync"});
  made->launch();
  return made;
}

PostgresServer* PostgresServer::shared() {
  static const std::unique_ptr<PostgresServer> kServer = start();
  return kServer.get();
}

PostgresServer::PostgresServer(fs::path programs, fs::path directory, fs::path data, bool durable)
    : programs_(std::move(programs)), directory_(std::move(directory)), data_(std::move(data)), durable_(durable) {}

void PostgresServer::run(const std::vector<std::string>& command) const {
  const fs::path log = directory_ / "setup.log";
  const pid_t pid = spawn_server(command, log);
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || status != 0) {
    throw std::runtime_error(command[0] + " failed; see " + log.string());
  }
}

void PostgresServer::launch() {
  std::vector<std::string> command = {programs_ / "postgres", "-D", data_ / "data",        "-k",
                                      directory_.string(),    "-c", "listen_addresses=",   "-c",
                                      "max_connections=60",   "-c", "shared_buffers=128MB"};
  if (!durable_) command.insert(command.end(), {"-c", "fsync=off", "-c", "synchronous_commit=off"});
  pid_ = spawn_server(command, directory_ / "postgres.log");
  wait_until_ready();
}

void PostgresServer::wait_until_ready() const {
  for (int i = 0; i < kPolls; ++i) {
    if (PQping(url("postgres").c_str()) == PQPING_OK) return;
    if (waitpid(pid_, nullptr, WNOHANG) == pid_) break;
    poll(nullptr, 0, kPollMs);
  }
  throw std::runtime_error("postgres did not start; see " + (directory_ / "postgres.log").string());
}

void PostgresServer::stop(int signal) {
  if (pid_ <= 0) return;
  kill(pid_, signal);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void PostgresServer::crash_and_restart() {
  stop(SIGQUIT);
  launch();
}

void PostgresServer::crash() { stop(SIGQUIT); }

void PostgresServer::promote() const { run({programs_ / "pg_ctl", "promote", "-w", "-D", data_ / "data"}); }

void PostgresServer::signal_all(int signal) const {
  // The parent first, so that it makes no more children meanwhile.
  kill(pid_, signal);
  std::ifstream children("/proc/" + std::to_string(pid_) + "/task/" + std::to_string(pid_) + "/children");
  for (pid_t child = 0; children >> child;) kill(child, signal);
}

PostgresServer::~PostgresServer() {
  stop(SIGQUIT);  // At once: nothing of it is kept.
  std::error_code ignored;
  fs::remove_all(data_, ignored);
  fs::remove_all(directory_, ignored);
}

std::string PostgresServer::url(const std::string& database) const {
  return "postgresql:///" + database + "?host=" + directory_.string() + "&user=acquit";
}

std::string PostgresServer::fresh_database(const std::string& like) {
  const std::string name = "test_" + std::to_string(++databases_);
  make_database(name, like);
  return url(name);
}

void PostgresServer::make_database(const std::string& name, const std::string& like) const {
  const std::unique_ptr<PGconn, Finish> connection(PQconnectdb(url("postgres").c_str()));
  PGresult* made = PQexec(connection.get(), ("create database " + name + " template " + like).c_str());
  const bool good = PQresultStatus(made) == PGRES_COMMAND_OK;
  PQclear(made);
  if (!good) throw std::runtime_error(PQerrorMessage(connection.get()));
}

}  // namespace acquit::db::testing

#include "db/testing/pg_bouncer.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

#include "db/testing/server_process.h"

namespace acquit::db::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "/usr/sbin/pgbouncer";
constexpr int kPollMs = 20;
constexpr int kPolls = 1500;  // Half a minute.

}  // namespace

std::unique_ptr<PgBouncer> PgBouncer::start(const PostgresServer& server, const std::string& mode) {
  if (!fs::exists(kProgram)) return nullptr;
  std::unique_ptr<PgBouncer> made(new PgBouncer(make_server_directory(fs::temp_directory_path())));
  const fs::path settings = made->directory_ / "pgbouncer.ini";
  std::ofstream(settings) << "[databases]\n* = host=" << server.directory().string() << " user=acquit\n"
                          << "[pgbouncer]\nlisten_port = 6432\nunix_socket_dir = " << made->directory_.string()
                          << "\nauth_type = any\npool_mode = " << mode << "\ndefault_pool_size = 10\n";
  made->pid_ = spawn_server({kProgram, settings}, made->directory_ / "pgbouncer.log");
  for (int i = 0; i < kPolls; ++i) {
    if (PQping(made->url("postgres").c_str()) == PQPING_OK) return made;
    poll(nullptr, 0, kPollMs);
  }
  throw std::runtime_error("pgbouncer did not start; see " + (made->directory_ / "pgbouncer.log").string());
}

PgBouncer::~PgBouncer() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string PgBouncer::url(const std::string& database) const {
  return "postgresql:///" + database + "?host=" + directory_.string() + "&port=6432&user=acquit";
}

}  // namespace acquit::db::testing

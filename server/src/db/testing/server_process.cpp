#include "db/testing/server_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace acquit::db::testing {
namespace {

namespace fs = std::filesystem;

/// PostgreSQL and its kin refuse to run as root.
const passwd* other_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");  // NOLINT(concurrency-mt-unsafe): nobody else asks for users.
  return user ? user : getpwnam("nobody");    // NOLINT(concurrency-mt-unsafe)
}

[[noreturn]] void become(const passwd* user, char* const* arguments, const char* log) {
  if (user && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  // After setuid, which forgets it.
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  if (chdir("/") == 0) execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

pid_t spawn_server(const std::vector<std::string>& command, const fs::path& log) {
  // All that allocates comes before the fork: another thread might hold the heap's lock.
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const passwd* user = other_user();
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid == 0) become(user, arguments.data(), log.c_str());
  return pid;
}

fs::path make_server_directory(const fs::path& where) {
  std::string name = (where / "acquit-pg-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a directory in " + where.string());
  if (const passwd* user = other_user(); user && chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("cannot hand over the directory " + name);
  }
  return name;
}

}  // namespace acquit::db::testing

#include "app/wait_for_signal.h"

#include <csignal>

namespace acquit::app {
namespace {

sigset_t ours() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

void block_signals() {
  const sigset_t set = ours();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void unblock_signals() {
  const sigset_t set = ours();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void wait_for_signal(const std::function<void()>& reload) {
  const sigset_t set = ours();
  for (;;) {
    int signal = 0;
    if (sigwait(&set, &signal) != 0) continue;
    if (signal != SIGHUP) return;
    reload();
  }
}

}  // namespace acquit::app

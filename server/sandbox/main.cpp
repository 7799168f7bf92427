// acquit-sandbox: the world around a payment platform, simulated, as a process of its own.
//
// Standard output gets one line, once everything listens; logs go to standard error. SIGTERM and SIGINT stop it with 0.
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include "base/log.h"
#include "sandbox/world/world.h"

namespace {

// Blocked before any thread starts, so that only wait_for_signal() gets them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void wait_for_signal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

int run(int argc, char** argv) {
  acquit::sandbox::WorldOptions options;
  bool with_parent = false;
  CLI::App app{"The world around Acquit, simulated: bank, 3-D Secure, inbox, demo shop.", "acquit-sandbox"};
  app.add_option("--listen", options.listen, "HTTP address; port 0 means any free port")->capture_default_str();
  app.add_option("--acquirer-listen", options.acquirer_listen, "Address of the acquirer")->capture_default_str();
  app.add_option("--acquirer-certificate", options.acquirer_certificate, "PEM chain: the acquirer then speaks TLS");
  app.add_option("--acquirer-key", options.acquirer_key, "Its key");
  app.add_option("--acquirer-ca", options.acquirer_ca, "PEM: who must vouch for those that connect to the acquirer");
  app.add_option("--directory-certificate", options.directory_certificate,
                 "PEM chain: directory and issuer of 3-D Secure then speak TLS, at ports of their own");
  app.add_option("--directory-key", options.directory_key, "Its key");
  app.add_option("--directory-ca", options.directory_ca,
                 "PEM: who must vouch for those that ask the directory, and for those to whom it brings results");
  app.add_option("--smtp-listen", options.smtp_listen, "Address of the mail server")->capture_default_str();
  app.add_option("--server", options.server, "URL of the payment server; or tell it later by POST /control/server");
  app.add_option("--data", options.data_folder, "Folder where the bank remembers its transactions");
  app.add_flag("--with-parent", with_parent, "Stop when the process that started this one ends");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }

  const sigset_t signals = block_signals();
  if (with_parent) prctl(PR_SET_PDEATHSIG, SIGTERM);
  const auto world = acquit::sandbox::World::start(options);
  if (!world) {
    acquit::base::log::failed("sandbox_start", world.error());
    return 1;
  }
  std::printf("ready %s\n", (*world)->ready_json().c_str());
  std::fflush(stdout);
  wait_for_signal(signals);
  (*world)->stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // What is thrown this far is a bug or the end of a resource; its words are all that can be given.
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    std::fputs(failure.what(), stderr);
    std::fputc('\n', stderr);
    return 1;
  }
}

// The demo: this server and the sandbox, two processes, with seeded data in one folder.
#pragma once

#include <string>
#include <vector>

namespace acquit::app {

struct DemoOptions {
  std::string listen = "127.0.0.1:18080";
  std::string sandbox = "127.0.0.1:18081";
  std::string data;                    ///< Folder; made if it is not there.
  std::string database;                ///< postgresql://…; empty: SQLite in the folder.
  std::vector<std::string> overrides;  ///< "section.name=value".
};

/// Runs until SIGTERM or SIGINT, which the caller has blocked in all threads. Prints the line "ready {…}" on standard
/// output once both answer. The exit status of the program.
[[nodiscard]] int run_demo(const DemoOptions& options);

}  // namespace acquit::app

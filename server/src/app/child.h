// A child process whose standard output we read one line of, and which ends with us.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace acquit::app {

class Child {
 public:
  /// Starts `program`. Errors: configuration_invalid if it can't be run.
  static base::Result<Child> start(const std::string& program, const std::vector<std::string>& arguments);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  /// The next line it prints; connection_failed if it ends first.
  [[nodiscard]] base::Result<std::string> read_line();
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// SIGTERM, then waits. Its exit status, or 128 + signal.
  int stop();

 private:
  Child(pid_t pid, int output) : pid_(pid), output_(output) {}
  pid_t pid_;
  int output_;
};

/// The folder of the running program.
[[nodiscard]] std::string program_folder();

}  // namespace acquit::app

// Journal: an append-only file of records, so that the sandbox's bank remembers across a restart of its process.
//
// A record is a line of fields between tabs. What a crash left half written is skipped when it is read again. Not safe
// from several threads at once: the bank holds its lock.
#pragma once

#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace acquit::sandbox {

class Journal {
 public:
  /// Reads the records of `path` in order, then opens it for more; a file that is not there yet is made.
  /// `replay` returns false for a record that it can't use. Errors: configuration_invalid.
  static base::Result<Journal> open(const std::string& path,
                                    const std::function<bool(const std::vector<std::string_view>&)>& replay);

  /// False if the disk did not take it.
  [[nodiscard]] bool append(std::span<const std::string> fields);

 private:
  explicit Journal(std::ofstream file) : file_(std::move(file)) {}
  std::ofstream file_;
};

}  // namespace acquit::sandbox

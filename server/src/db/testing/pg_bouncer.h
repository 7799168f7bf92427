// PgBouncer: Debian's, in front of a PostgresServer, on a UNIX socket in a temporary directory. Stops when destroyed.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "db/testing/postgres_server.h"

namespace acquit::db::testing {

class PgBouncer {
 public:
  /// Null if it is not installed here. `mode` is its pool_mode; `server` outlives it.
  static std::unique_ptr<PgBouncer> start(const PostgresServer& server, const std::string& mode);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  [[nodiscard]] std::string url(const std::string& database) const;

 private:
  explicit PgBouncer(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path directory_;
  pid_t pid_ = -1;
};

}  // namespace acquit::db::testing

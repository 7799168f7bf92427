// The limit: the rows of a payment written by a bare loop on the driver itself, 64 payments a commit, durable.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace acquit::bench {

struct LimitOptions {
  std::string target;          ///< Path of a migrated SQLite file, or a PostgreSQL URI.
  std::uint64_t payments = 0;  ///< How many to write.
  int batch = 64;
  int connections = 1;  ///< PostgreSQL: as many as the server has lanes.
  std::uint64_t first = 0;
};
/// Payments a second.
[[nodiscard]] base::Result<double> limit_sqlite(const LimitOptions& options);
[[nodiscard]] base::Result<double> limit_postgresql(const LimitOptions& options);

/// The one row that the payments' rows refer to.
[[nodiscard]] base::Result<bool> add_vault_key(const std::string& uri);

}  // namespace acquit::bench

// Migrate: brings a database up to date before a server runs on it; what `acquit migrate` does, and the demo at start.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "db/migrate.h"

namespace acquit::app {

/// db::migrate(), and then the partitions of the months to come, so that no server begins on the default one. What was
/// applied now, in order. Errors: those of db::migrate() and of platform::make_partitions().
[[nodiscard]] base::Result<std::vector<db::AppliedMigration>> bring_up_to_date(const db::Options& options,
                                                                               base::Time now);

}  // namespace acquit::app

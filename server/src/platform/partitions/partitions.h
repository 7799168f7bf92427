// Partitions: the months to come of the tables that only grow, made in time. On PostgreSQL only (migration 0010).
//
// Without a partition of its own a row goes to its table's default partition, from where it is moved later: nothing is
// lost, but the later month is made while others read. No state; safe from any thread and on several nodes at once.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace acquit::platform {

/// How many months after the present one have their partitions already: as long may making them fail unnoticed.
inline constexpr int kMonthsAhead = 3;

/// Makes the partitions of the month of `now` (UTC) and of the next ones where they are missing; the number made, 0 on
/// SQLite. Each month is a commit. Errors: timed_out if somebody, a dump perhaps, holds a default partition for longer
/// than two seconds (call again later), internal if a table of the name is there but detached, database_unavailable.
[[nodiscard]] base::Task<base::Result<int>> make_partitions(db::Database& database, base::Time now);

}  // namespace acquit::platform

#include "app/migrate.h"

#include "net/loop.h"
#include "platform/partitions/partitions.h"

namespace acquit::app {

base::Result<std::vector<db::AppliedMigration>> bring_up_to_date(const db::Options& options, base::Time now) {
  ACQUIT_TRY(auto applied, db::migrate(options, now));
  net::Loop loop(1);
  loop.run_in_background();
  ACQUIT_TRY(const auto database, db::Database::open(options, loop));
  ACQUIT_CHECK(base::sync_wait(platform::make_partitions(*database, now)));
  return applied;
}

}  // namespace acquit::app

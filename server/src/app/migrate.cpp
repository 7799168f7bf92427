#include "app/migrate.h"

#include "net/loop.h"
#include "platform/partitions/partitions.h"

namespace acquit::app {
namespace {

// Rows that lie in a default partition are moved, however many; nobody waits for it but the operator.
constexpr base::Milliseconds kPartitionsLimit{600'000};

base::Result<void> make_partitions(const db::Options& options, base::Time now) {
  net::Loop loop(1);
  loop.run_in_background();
  db::Options patient = options;
  patient.time_limit = kPartitionsLimit;
  ACQUIT_TRY(const auto database, db::Database::open(patient, loop));
  ACQUIT_CHECK(base::sync_wait(platform::make_partitions(*database, now)));
  return {};
}

}  // namespace

base::Result<std::vector<db::AppliedMigration>> bring_up_to_date(const db::Options& options, base::Time now) {
  ACQUIT_TRY(auto applied, db::migrate(options, now));
  if (auto made = make_partitions(options, now); !made) return db::after(applied, std::move(made).error());
  return applied;
}

}  // namespace acquit::app

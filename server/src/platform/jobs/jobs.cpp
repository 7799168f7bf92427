#include "platform/jobs/jobs.h"

#include <memory>
#include <utility>

#include "base/log.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_jobs)

namespace acquit::platform {
namespace {

constexpr base::Milliseconds kLease{30'000};
constexpr base::Milliseconds kRenewEvery{10'000};
// No honest lease lasts longer: one that does was taken by a clock that ran ahead.
constexpr base::Milliseconds kLongest = 2 * kLease;

const db::Statement kAdd = db::load_statement(embedded::sql_jobs(), "jobs.add");
const db::Statement kTake = db::load_statement(embedded::sql_jobs(), "jobs.take");

}  // namespace

void Jobs::start(std::string job, base::Milliseconds interval, base::Periodic::Work work) {
  const auto lease = std::make_shared<Lease>(Lease{.renew_at = clock_.monotonic()});  // A std::function copies.
  rounds_.start(
      job, interval, [this, job, lease, work = std::move(work)] { return run_if_held(job, *lease, work); },
      base::Periodic::First::at_once);
}

base::Task<base::Result<bool>> Jobs::take_lease(const std::string& job) {
  const std::int64_t now = base::to_ms(clock_.now());
  co_return co_await database_.write(db::LaneKey{}, [&](db::Tx& tx) -> base::Result<bool> {
    ACQUIT_CHECK(tx.run(kAdd, {job}));
    ACQUIT_TRY(const std::int64_t rows,
               tx.change(kTake, {job, holder_, now + kLease.count(), now, now + kLongest.count()}));
    return rows == 1;
  });
}

base::Task<base::Result<void>> Jobs::run_if_held(const std::string& job, Lease& lease,
                                                 const base::Periodic::Work& work) {
  if (clock_.monotonic() >= lease.renew_at) {
    auto taken = co_await take_lease(job);
    if (!taken) base::log::failed("job_lease", taken.error());
    lease.held = taken.value_or(false);
    lease.renew_at = clock_.monotonic() + kRenewEvery;
  }
  if (!lease.held) co_return base::Result<void>{};
  co_return co_await work();
}

}  // namespace acquit::platform

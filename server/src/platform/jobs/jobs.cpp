#include "platform/jobs/jobs.h"

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

void Jobs::start(std::string job, base::Milliseconds interval, Work work) {
  ++running_;
  base::spawn(loop(std::move(job), interval, std::move(work)), [this] { --running_; });
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

base::Task<void> Jobs::loop(std::string job, base::Milliseconds interval, Work work) {
  co_await executor_.hop();
  bool held = false;
  base::Monotonic renew_at = clock_.monotonic();
  while (!bell_.stopped()) {
    if (clock_.monotonic() >= renew_at) {
      auto taken = co_await take_lease(job);
      if (!taken) base::log::failed("job_lease", taken.error());
      held = taken.value_or(false);
      renew_at = clock_.monotonic() + kRenewEvery;
    }
    if (held) {
      const auto done = co_await work();
      if (!done) base::log::failed(job, done.error());
    }
    co_await bell_.wait(interval);
  }
}

}  // namespace acquit::platform

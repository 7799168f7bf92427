// Jobs: work that comes round by itself, run by one node at a time.
//
// Each job has a lease in the database; a node that holds it renews it, another takes over when it runs out (a crash
// delays a job by the lease at most). Jobs must bear being run by two nodes for a moment: every change they make is
// guarded by the state it starts from. Safe from any thread.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/executor.h"
#include "base/periodic.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace acquit::platform {

class Jobs {
 public:
  Jobs(db::Database& database, base::Executor& executor, const base::Clock& clock, base::Random& random)
      : database_(database), clock_(clock), holder_(random.hex(8)), rounds_(executor) {}

  /// Runs `work` every `interval` while this node holds the lease, until stop(). Starts at once; logs failures.
  void start(std::string job, base::Milliseconds interval, base::Periodic::Work work);
  /// Running works end by themselves; wait until running() is zero.
  void stop() { rounds_.stop(); }
  [[nodiscard]] int running() const { return rounds_.running(); }

 private:
  struct Lease {
    bool held = false;
    base::Monotonic renew_at;
  };
  [[nodiscard]] base::Task<base::Result<void>> run_if_held(const std::string& job, Lease& lease,
                                                           const base::Periodic::Work& work);
  [[nodiscard]] base::Task<base::Result<bool>> take_lease(const std::string& job);

  db::Database& database_;
  const base::Clock& clock_;
  std::string holder_;
  base::Periodic rounds_;
};

}  // namespace acquit::platform

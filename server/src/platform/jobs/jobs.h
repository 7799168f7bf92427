// Jobs: work that comes round by itself, run by one node at a time.
//
// Each job has a lease in the database; a node that holds it renews it, another takes over when it runs out (a crash
// delays a job by the lease at most). Jobs must bear being run by two nodes for a moment: every change they make is
// guarded by the state it starts from. Safe from any thread.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/bell.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"

namespace acquit::platform {

class Jobs {
 public:
  using Work = std::function<base::Task<base::Result<void>>()>;

  Jobs(db::Database& database, base::Executor& executor, const base::Clock& clock, base::Random& random)
      : database_(database), executor_(executor), clock_(clock), holder_(random.hex(8)), bell_(executor) {}

  /// Runs `work` every `interval` while this node holds the lease, until stop(). Starts at once; logs failures.
  void start(std::string job, base::Milliseconds interval, Work work);
  /// Running works end by themselves; wait until running() is zero.
  void stop() { bell_.stop(); }
  [[nodiscard]] int running() const { return running_; }

 private:
  [[nodiscard]] base::Task<void> loop(std::string job, base::Milliseconds interval, Work work);
  [[nodiscard]] base::Task<base::Result<bool>> take_lease(const std::string& job);

  db::Database& database_;
  base::Executor& executor_;
  const base::Clock& clock_;
  std::string holder_;
  base::Bell bell_;  // Rings for the stop.
  std::atomic<int> running_ = 0;
};

}  // namespace acquit::platform

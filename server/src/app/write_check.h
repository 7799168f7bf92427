// WriteCheck: whether the database takes a write, found out by writing. What /health says.
//
// A write is made at most once a second and never beside another, however many ask; one that hangs keeps nobody waiting
// for long. Safe from any thread. Executor and clock outlive it; it must not end while running().
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"

namespace acquit::app {

class WriteCheck {
 public:
  using Write = std::function<base::Task<base::Result<void>>()>;

  /// An answer so old still holds.
  static constexpr base::Milliseconds kFresh{1'000};
  /// A write that takes longer is as good as none. Shorter than the time limits of common load balancers.
  static constexpr base::Milliseconds kPatience{2'000};

  WriteCheck(base::Executor& executor, const base::Clock& clock, Write write)
      : executor_(executor), clock_(clock), write_(std::move(write)) {}

  [[nodiscard]] base::Task<bool> passes();
  /// True while a write is on its way.
  [[nodiscard]] bool running() const;

 private:
  struct Answer {
    bool passed = false;
    base::Monotonic at;
  };

  /// The answer that holds; begins a write if there is none and none is on its way.
  [[nodiscard]] std::optional<bool> look();
  [[nodiscard]] base::Task<void> run();

  base::Executor& executor_;
  const base::Clock& clock_;
  const Write write_;
  mutable std::mutex mutex_;
  std::optional<Answer> last_;
  std::optional<base::Monotonic> begun_;  // Of the write that is on its way.
};

}  // namespace acquit::app

// WaitingLine: those who wait until a message may be sent, because no link is up or none has room. First come, first
// woken.
//
// Its owner wakes and expires it now and then. Safe from any thread; the executor outlives it.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/executor.h"

namespace acquit::iso8583 {

class WaitingLine {
 public:
  WaitingLine(base::Executor& executor, std::size_t places) : executor_(executor), places_(places) {}

  /// A place at the end; it brings true once woken, false at `until`. Nothing if no place is left.
  [[nodiscard]] std::optional<base::Completion<bool>> join(base::Monotonic until);
  /// Wakes the first `count`.
  void wake(std::size_t count);
  void expire(base::Monotonic now);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Place {
    base::Completion<bool> woken;
    base::Monotonic until;
  };

  base::Executor& executor_;
  const std::size_t places_;
  mutable std::mutex mutex_;
  std::deque<Place> line_;
};

}  // namespace acquit::iso8583

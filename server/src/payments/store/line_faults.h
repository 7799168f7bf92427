// LineFaults: payments that could not be sent to their acquirer since our own settings were at fault: no line, no
// contract any more, or data that the line's format can't say. Nothing is charged and nobody is refused; the operator
// has to mend it, so it is logged, counted, and /health says so for a while.
//
// Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/bounded_log.h"
#include "base/clock.h"
#include "base/own_faults.h"
#include "base/result.h"

namespace acquit::payments {

class LineFaults {
 public:
  static constexpr std::chrono::minutes kUnfitFor{15};

  explicit LineFaults(const base::Clock& clock) : faults_(clock, kUnfitFor), log_(clock) {}

  void note(const base::Error& error) {
    faults_.note();
    log_.error("acquirer_own_fault", {{"field", error.field}, {"detail", error.detail}});
  }
  /// For what a bank can make us say as often as it likes.
  [[nodiscard]] const base::BoundedLog& log() const { return log_; }
  [[nodiscard]] std::uint64_t count() const { return faults_.count(); }
  /// False for a quarter of an hour after one.
  [[nodiscard]] bool fit() const { return faults_.fit(); }

 private:
  base::OwnFaults faults_;
  const base::BoundedLog log_;
};

}  // namespace acquit::payments

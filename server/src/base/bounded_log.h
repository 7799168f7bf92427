// BoundedLog: lines that somebody outside can provoke at will: of each event so many in a minute; before the next one
// goes out, a line says how many were left out. A peer or a stranger who repeats himself can't fill a disk.
//
// One for each part that speaks with the outside. Safe from any thread; the clock outlives it. Events are literals, so
// there are few.
#pragma once

#include <initializer_list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "base/log_budget.h"
#include "base/result.h"

namespace acquit::base {

class BoundedLog {
 public:
  explicit BoundedLog(const Clock& clock) : clock_(clock) {}

  void write(LogLevel level, std::string_view event, std::initializer_list<log::Field> fields = {}) const {
    if (take(event)) log::write(level, event, fields);
  }
  void info(std::string_view event, std::initializer_list<log::Field> fields = {}) const {
    write(LogLevel::info, event, fields);
  }
  void warning(std::string_view event, std::initializer_list<log::Field> fields = {}) const {
    write(LogLevel::warning, event, fields);
  }
  void error(std::string_view event, std::initializer_list<log::Field> fields = {}) const {
    write(LogLevel::error, event, fields);
  }
  void failed(std::string_view event, const Error& failure, std::initializer_list<log::Field> about = {}) const {
    if (take(event)) log::failed(event, failure, about);
  }

 private:
  [[nodiscard]] bool take(std::string_view event) const {
    const auto left_out = [&] {
      const std::lock_guard lock(mutex_);
      return budgets_[std::string(event)].take(clock_.monotonic());
    }();
    if (left_out.value_or(0) > 0) log::warning("lines_left_out", {{"event", event}, {"count", *left_out}});
    return left_out.has_value();
  }

  const Clock& clock_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, LogBudget> budgets_;
};

}  // namespace acquit::base

#include "app/write_check.h"

#include "base/log.h"

namespace acquit::app {
namespace {

constexpr base::Milliseconds kNap{5};

}  // namespace

bool WriteCheck::running() const {
  const std::lock_guard lock(mutex_);
  return begun_.has_value();
}

base::Task<bool> WriteCheck::passes() {
  for (;;) {
    if (const auto answer = look()) co_return *answer;
    co_await executor_.sleep(kNap);
  }
}

std::optional<bool> WriteCheck::look() {
  {
    const std::lock_guard lock(mutex_);
    const base::Monotonic now = clock_.monotonic();
    if (begun_) return now - *begun_ < kPatience ? std::nullopt : std::optional(false);
    if (last_ && now - last_->at < kFresh) return last_->passed;
    begun_ = now;
  }
  base::spawn(run());
  return std::nullopt;
}

base::Task<void> WriteCheck::run() {
  const auto written = co_await write_();
  if (!written) base::log::failed("write_check", written.error());
  const std::lock_guard lock(mutex_);
  last_ = Answer{.passed = written.has_value(), .at = clock_.monotonic()};
  begun_.reset();
}

}  // namespace acquit::app

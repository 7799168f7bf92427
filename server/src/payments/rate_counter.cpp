#include "payments/rate_counter.h"

namespace acquit::payments {

bool RateCounter::allow(const std::string& subject, int limit) {
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  if (counts_.size() >= window_.subjects_max && !counts_.contains(subject)) forget_old(now);
  Count& count = counts_.try_emplace(subject, Count{.since = now, .times = 0}).first->second;
  if (now - count.since >= window_.length) count = {.since = now, .times = 0};
  if (count.times >= limit) return false;
  ++count.times;
  return true;
}

void RateCounter::forget_old(base::Monotonic now) {
  std::erase_if(counts_, [&](const auto& entry) { return now - entry.second.since >= window_.length; });
  if (counts_.size() >= window_.subjects_max) counts_.clear();
}

}  // namespace acquit::payments

#include "payments/rate_counter.h"

namespace acquit::payments {

bool RateCounter::allow(const std::string& subject, int limit) {
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  Count& count = *window_of(subject, now);
  if (count.times >= limit) return false;
  ++count.times;
  return true;
}

// The subject's window, begun now if it has none that lasts.
RateCounter::Counts::iterator RateCounter::window_of(const std::string& subject, base::Monotonic now) {
  // Over windows are first in the list, the subject's own among them.
  while (!counts_.empty() && now - counts_.front().since >= window_.length) forget_first();
  if (const auto known = by_subject_.find(subject); known != by_subject_.end()) return known->second;
  while (!counts_.empty() && counts_.size() >= window_.subjects_max) forget_first();
  const auto begun = counts_.insert(counts_.end(), {.subject = subject, .since = now, .times = 0});
  by_subject_.emplace(begun->subject, begun);
  return begun;
}

void RateCounter::forget_first() {
  by_subject_.erase(counts_.front().subject);
  counts_.pop_front();
}

}  // namespace acquit::payments

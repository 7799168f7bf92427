#include "base/rate_counter.h"

#include <algorithm>

namespace acquit::base {

bool RateCounter::allow(const std::string& subject, int limit) {
  const Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  forget_over(now);
  Count& count = *window_of(subject, now);
  if (count.times >= limit) return false;
  ++count.times;
  return true;
}

void RateCounter::add(const std::string& subject, Milliseconds ago) {
  if (ago >= window_.length) return;
  const Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  forget_over(now);
  ++window_of(subject, now - ago)->times;
}

Tally RateCounter::tally(const std::string& subject) {
  const Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  forget_over(now);
  const auto known = by_subject_.find(subject);
  if (known == by_subject_.end()) return {};
  return {.times = known->second->times,
          .ends_in = std::chrono::ceil<Milliseconds>(known->second->since + window_.length - now)};
}

// The subject's window, begun at `since` if it has none that lasts.
RateCounter::Counts::iterator RateCounter::window_of(const std::string& subject, Monotonic since) {
  if (const auto known = by_subject_.find(subject); known != by_subject_.end()) return known->second;
  while (!counts_.empty() && counts_.size() >= window_.subjects_max) forget_first();
  // Nearly always the last place; what another node counted may have begun a little earlier.
  const auto earlier = std::find_if(counts_.rbegin(), counts_.rend(), [&](const Count& c) { return c.since <= since; });
  const auto begun = counts_.insert(earlier.base(), {.subject = subject, .since = since, .times = 0});
  by_subject_.emplace(begun->subject, begun);
  return begun;
}

void RateCounter::forget_over(Monotonic now) {
  while (!counts_.empty() && now - counts_.front().since >= window_.length) forget_first();
}

void RateCounter::forget_first() {
  by_subject_.erase(counts_.front().subject);
  counts_.pop_front();
}

}  // namespace acquit::base

#include "payments/checkout/crowds.h"

#include <algorithm>
#include <utility>

namespace acquit::payments {
namespace {

constexpr int kSteps = 12;
// The part of what a crowd bears from which its acceptances are told.
constexpr int kTellFromPart = 4;

}  // namespace

void Crowds::refused(const Crowd& crowd, base::Milliseconds ago) {
  if (ago >= limits_.window) return;
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  ++step_of(crowd, now, ago).refused;
}

void Crowds::accepted(const Crowd& crowd) {
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  Step& step = step_of(crowd, now, base::Milliseconds{0});
  ++step.accepted;
  ++step.untold;
}

void Crowds::count(const Acceptances& acceptances) {
  if (acceptances.ago >= limits_.window) return;
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  step_of(acceptances.crowd, now, acceptances.ago).accepted += acceptances.times;
}

void Crowds::give_back(const Acceptances& acceptances) {
  if (acceptances.ago >= limits_.window) return;
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  step_of(acceptances.crowd, now, acceptances.ago).untold += acceptances.times;
}

bool Crowds::crowded(const Crowd& crowd) {
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  const auto known = by_crowd_.find(crowd);
  if (known == by_crowd_.end()) return false;
  const Step sum = sum_of(*known->second, now);
  return sum.refused >= borne(crowd) && sum.refused > sum.accepted;
}

std::vector<Acceptances> Crowds::take_untold() {
  const base::Monotonic now = clock_.monotonic();
  std::vector<Acceptances> untold;
  const std::lock_guard lock(mutex_);
  for (auto counts = all_.rbegin(); counts != all_.rend() && counts->touched >= told_until_; ++counts) {
    if (sum_of(*counts, now).refused < std::max(1, borne(counts->crowd) / kTellFromPart)) continue;
    for (Step& step : counts->steps) {
      if (step.untold == 0) continue;
      untold.push_back({.crowd = counts->crowd, .times = std::exchange(step.untold, 0), .ago = age_of(step, now)});
    }
  }
  told_until_ = now;
  return untold;
}

int Crowds::borne(const Crowd& crowd) const { return crowd.range.empty() ? limits_.per_shop : limits_.per_range; }

// Never negative for a time within the window before the clock's beginning.
std::int64_t Crowds::step_number(base::Monotonic time) const {
  const auto since = std::chrono::floor<base::Milliseconds>(time.time_since_epoch()) + limits_.window;
  return since / (limits_.window / kSteps);
}

// From the middle of the step, so that whoever counts it by its age finds the same step.
base::Milliseconds Crowds::age_of(const Step& step, base::Monotonic now) const {
  const base::Milliseconds length = limits_.window / kSteps;
  const base::Milliseconds middle = length * step.number + length / 2 - limits_.window;
  return std::max(std::chrono::floor<base::Milliseconds>(now.time_since_epoch()) - middle, base::Milliseconds{0});
}

Crowds::Step& Crowds::step_of(const Crowd& crowd, base::Monotonic now, base::Milliseconds ago) {
  std::vector<Step>& steps = touched(crowd, now).steps;
  const std::int64_t number = step_number(now - ago);
  auto place = std::ranges::lower_bound(steps, number, {}, &Step::number);
  if (place == steps.end() || place->number != number) place = steps.insert(place, Step{.number = number});
  return *place;
}

Crowds::Counts& Crowds::touched(const Crowd& crowd, base::Monotonic now) {
  while (!all_.empty() && now - all_.front().touched >= limits_.window) forget_first();
  const auto known = by_crowd_.find(crowd);
  if (known != by_crowd_.end()) {
    all_.splice(all_.end(), all_, known->second);
    known->second->touched = now;
    forget_over(*known->second, now);
    return *known->second;
  }
  while (!all_.empty() && all_.size() >= limits_.crowds_max) forget_first();
  all_.push_back({.crowd = crowd, .touched = now, .steps = {}});
  by_crowd_.emplace(crowd, std::prev(all_.end()));
  return all_.back();
}

void Crowds::forget_over(Counts& counts, base::Monotonic now) const {
  const std::int64_t over = step_number(now) - kSteps;
  std::erase_if(counts.steps, [over](const Step& step) { return step.number <= over; });
}

Crowds::Step Crowds::sum_of(Counts& counts, base::Monotonic now) const {
  forget_over(counts, now);
  Step sum;
  for (const Step& step : counts.steps) {
    sum.refused += step.refused;
    sum.accepted += step.accepted;
  }
  return sum;
}

void Crowds::forget_first() {
  by_crowd_.erase(all_.front().crowd);
  all_.pop_front();
}

}  // namespace acquit::payments

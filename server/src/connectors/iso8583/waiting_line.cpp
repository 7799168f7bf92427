#include "connectors/iso8583/waiting_line.h"

#include <utility>
#include <vector>

namespace acquit::iso8583 {

std::optional<base::Completion<bool>> WaitingLine::join(base::Monotonic until) {
  const std::lock_guard lock(mutex_);
  if (line_.size() >= places_) return std::nullopt;
  return line_.emplace_back(Place{.woken = base::Completion<bool>(executor_), .until = until}).woken;
}

void WaitingLine::wake(std::size_t count) {
  std::vector<Place> first;
  {
    const std::lock_guard lock(mutex_);
    for (; count > 0 && !line_.empty(); --count, line_.pop_front()) first.push_back(std::move(line_.front()));
  }
  for (const Place& place : first) place.woken.set(true);
}

void WaitingLine::expire(base::Monotonic now) {
  std::vector<Place> late;
  {
    const std::lock_guard lock(mutex_);
    // Who was woken in vain has come back to the end with less time than those before: all are looked at.
    std::erase_if(line_, [&](Place& place) {
      if (place.until > now) return false;
      late.push_back(place);
      return true;
    });
  }
  for (const Place& place : late) place.woken.set(false);
}

std::size_t WaitingLine::size() const {
  const std::lock_guard lock(mutex_);
  return line_.size();
}

}  // namespace acquit::iso8583

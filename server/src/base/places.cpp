#include "base/places.h"

#include <algorithm>
#include <utility>

namespace acquit::base {
namespace {

constexpr int kFreshWhileUnknown = 2;   // Places of a destination of which nothing is known yet.
constexpr Milliseconds kLookAgain{50};  // A look costs a walk over all that is known.
constexpr int kHalvingsMax = 16;
constexpr std::size_t kKnownMax = 10'000;

}  // namespace

Places::Class Places::class_of(const Standing& standing, Monotonic now) {
  const bool late = std::ranges::any_of(standing.begun, [now](Monotonic began) { return now - began > kSlow; });
  if (standing.failures > 0 || standing.slow || late) return Class::troubled;
  return standing.known ? Class::good : Class::fresh;
}

void Places::count_as(Standing& standing, Class which) {
  if (standing.counted_as == which) return;
  const int held = static_cast<int>(standing.begun.size());
  for (const auto& [whose, sign] : {std::pair(standing.counted_as, -1), std::pair(which, 1)}) {
    part(whose).taken += sign * held;
    if (held > 0) part(whose).destinations += sign;
  }
  standing.counted_as = which;
}

int Places::room(const std::string& destination, Monotonic now) {
  const int free = limits_.total - taken_;
  if (free <= 0) return 0;
  const auto found = standings_.find(destination);
  const int held = taken_by(destination);
  const auto at_most = [&](int own, int of_all) { return std::max(0, std::min({free, own - held, of_all})); };
  if (!limits_.judged) return at_most(limits_.each, free);
  if (found != standings_.end()) count_as(found->second, class_of(found->second, now));
  const Class which = found == standings_.end() ? Class::fresh : found->second.counted_as;
  const Part& mine = part(which);
  switch (which) {
    case Class::good: return at_most(limits_.each, free);
    case Class::fresh: {
      const int all = std::max(1, limits_.total / 4);
      if (mine.taken >= all) look_at_the_new(now);
      return at_most(std::min(limits_.each, kFreshWhileUnknown), all - mine.taken);
    }
    case Class::troubled: break;
  }
  const int all = std::max(1, limits_.total / 2);
  const int others = mine.destinations - (held > 0 ? 1 : 0);
  const int fair = std::min(limits_.each, all / (others + 1));
  return at_most(std::max(1, fair >> std::min(found->second.failures, kHalvingsMax)), all - mine.taken);
}

void Places::begin(const std::string& destination, Monotonic now) {
  Standing& standing = standing_of(destination);
  Part& mine = part(standing.counted_as);
  if (standing.begun.empty()) ++mine.destinations;
  standing.begun.push_back(now);
  ++mine.taken;
  ++taken_;
}

void Places::end(const std::string& destination, Monotonic began, Monotonic now, Went went) {
  const auto found = standings_.find(destination);
  Standing& standing = found->second;
  standing.begun.erase(std::ranges::find(standing.begun, began));
  Part& mine = part(standing.counted_as);
  if (standing.begun.empty()) --mine.destinations;
  --mine.taken;
  --taken_;
  judge(standing, now - began, went, now);
}

void Places::judge(const std::string& destination, Milliseconds took, Went went, Monotonic now) {
  judge(standing_of(destination), took, went, now);
}

void Places::judge(Standing& standing, Monotonic::duration took, Went went, Monotonic now) {
  if (went != Went::nowhere) {
    standing.known = true;
    standing.failures = went == Went::badly ? standing.failures + 1 : 0;
    standing.slow = took > kSlow;
  }
  count_as(standing, class_of(standing, now));
}

Places::Standing& Places::standing_of(const std::string& destination) {
  if (standings_.size() >= kKnownMax && !standings_.contains(destination)) forget_some();
  return standings_[destination];
}

int Places::taken_by(const std::string& destination) const {
  const auto found = standings_.find(destination);
  return found == standings_.end() ? 0 : static_cast<int>(found->second.begun.size());
}

void Places::look_at_the_new(Monotonic now) {
  if (now - looked_at_ < kLookAgain) return;
  looked_at_ = now;
  for (auto& [destination, standing] : standings_) {
    if (standing.counted_as == Class::fresh) count_as(standing, class_of(standing, now));
  }
}

void Places::forget_some() {
  std::erase_if(standings_, [](const auto& entry) { return entry.second.begun.empty(); });
}

}  // namespace acquit::base

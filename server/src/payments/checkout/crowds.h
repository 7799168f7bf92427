// Crowds: what was refused and what was accepted of late at each shop, and of each card range at it, so that a shop
// where cards are tested is told from one that sells much.
//
// Refusals and acceptances are counted in the same steps of time, twelve to the window, and leave it together, a step
// at a time: were each counted in a window of its own, a busy shop whose acceptances are just over would look like one
// of refusals. TEST and PRODUCTION are two crowds, since what is accepted in TEST costs nothing. The acceptances of a
// crowd that has a good part of the refusals it bears are given out, for other nodes and for this one after a restart;
// those of all others stay here, which saves nearly every write. Memory is bounded: where too many crowds are recent,
// the one that was quiet for longest is forgotten. Safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "merchants/shop.h"

namespace acquit::payments {

struct Crowd {
  base::ShopId shop{0};
  merchants::Mode mode = merchants::Mode::production;
  std::string range;  ///< The first six digits; empty: all cards.
  friend auto operator<=>(const Crowd&, const Crowd&) = default;
};

struct Acceptances {
  Crowd crowd;
  int times = 0;
  base::Milliseconds ago{0};
};

struct CrowdLimits {
  int per_shop = 0;   ///< Refusals at one shop before it may be crowded.
  int per_range = 0;  ///< Of one card range at one shop.
  base::Milliseconds window{0};
  std::size_t crowds_max = 0;
};

class Crowds {
 public:
  Crowds(const base::Clock& clock, CrowdLimits limits) : clock_(clock), limits_(limits) {}

  void refused(const Crowd& crowd, base::Milliseconds ago);
  void accepted(const Crowd& crowd);
  /// What another node accepted, or this one before it was started again.
  void count(const Acceptances& acceptances);
  /// So many refusals within the window as are borne, and more of them than acceptances: a large shop has many
  /// refusals and more sales; where cards are tested it is the other way round.
  [[nodiscard]] bool crowded(const Crowd& crowd);

  /// What this node accepted and did not give out yet, of the crowds that have a quarter of the refusals that they
  /// bear. The first node to find the crowd full then knows what the others accepted.
  [[nodiscard]] std::vector<Acceptances> take_untold();
  /// They could not be told: they are given out again.
  void give_back(const Acceptances& acceptances);

 private:
  struct Step {
    std::int64_t number = 0;
    int refused = 0;
    int accepted = 0;
    int untold = 0;  // Of those accepted.
  };
  struct Counts {
    Crowd crowd;
    base::Monotonic touched;
    std::vector<Step> steps;  // In the order of their numbers.
  };
  using All = std::list<Counts>;

  [[nodiscard]] int borne(const Crowd& crowd) const;
  [[nodiscard]] std::int64_t step_number(base::Monotonic time) const;
  [[nodiscard]] base::Milliseconds age_of(const Step& step, base::Monotonic now) const;
  // With `mutex_` held:
  Step& step_of(const Crowd& crowd, base::Monotonic now, base::Milliseconds ago);
  Counts& touched(const Crowd& crowd, base::Monotonic now);
  void forget_over(Counts& counts, base::Monotonic now) const;
  [[nodiscard]] Step sum_of(Counts& counts, base::Monotonic now) const;
  void forget_first();

  const base::Clock& clock_;
  const CrowdLimits limits_;
  std::mutex mutex_;
  All all_;  // The one that was quiet for longest first.
  std::map<Crowd, All::iterator> by_crowd_;
  base::Monotonic told_until_;  // Whoever was not touched since has nothing to tell.
};

}  // namespace acquit::payments

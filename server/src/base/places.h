// Places: who may use the next of a bounded number of places, so that destinations that do not answer leave the others
// theirs.
//
// A destination is good, new, or in trouble. One is in trouble if what it did last failed or was slow, or if it holds a
// place for long just now; all of those together have half of the places, the new ones together a quarter, so the good
// ones always find some. Within its part one in trouble has no more than the others there, and half as many places with
// each failure in a row, down to one, by which it proves itself again. Not judged: each has its share, whatever it
// does. Destinations that hold nothing are forgotten when there are too many. Not for use by several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"

namespace acquit::base {

/// How a destination did.
enum class Went : std::uint8_t {
  well,
  badly,    ///< No answer, or one that is of no use.
  nowhere,  ///< Nothing is known: it was never asked.
};

class Places {
 public:
  struct Limits {
    int total = 1;
    int each = 1;  ///< What one destination may have at most.
    bool judged = true;
  };
  /// What takes longer than this makes its destination slow.
  static constexpr Milliseconds kSlow{2'000};

  explicit Places(Limits limits) : limits_(limits) {}

  /// How many places `destination` may take now.
  [[nodiscard]] int room(const std::string& destination, Monotonic now);
  void begin(const std::string& destination, Monotonic now);
  /// `began` is the `now` of its begin().
  void end(const std::string& destination, Monotonic began, Monotonic now, Went went);
  /// How one did that took no place.
  void judge(const std::string& destination, Milliseconds took, Went went, Monotonic now);
  [[nodiscard]] int taken() const { return taken_; }
  [[nodiscard]] int taken_by(const std::string& destination) const;

 private:
  enum class Class : std::uint8_t { good, fresh, troubled };
  struct Standing {
    std::vector<Monotonic> begun;  // Of the places that it holds.
    int failures = 0;              // In a row.
    bool slow = false;
    Class counted_as = Class::fresh;
    bool known = false;
  };
  struct Part {
    int taken = 0;
    int destinations = 0;  // That hold a place.
  };
  [[nodiscard]] Part& part(Class which) { return parts_[static_cast<std::size_t>(which)]; }
  [[nodiscard]] static Class class_of(const Standing& standing, Monotonic now);
  Standing& standing_of(const std::string& destination);
  void judge(Standing& standing, Monotonic::duration took, Went went, Monotonic now);
  void count_as(Standing& standing, Class which);
  // Finds those that came to be in trouble by time alone.
  void look_at_the_new(Monotonic now);
  void forget_some();

  Limits limits_;
  std::unordered_map<std::string, Standing> standings_;
  Part parts_[3]{};
  int taken_ = 0;
  Monotonic looked_at_{};
};

}  // namespace acquit::base

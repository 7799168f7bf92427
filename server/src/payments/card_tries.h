// CardTries: how often one card and one address may be tried within an hour: against card testing.
//
// Counted in this process, which is enough to make guessing useless; the number of tries of one payment is kept with
// the payment. Memory is bounded: the oldest counts go first. Safe from any thread.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/result.h"

namespace acquit::payments {

struct CardTryLimits {
  int per_card = 20;     ///< Tries of one card number, at all shops.
  int per_address = 60;  ///< Tries from one IP address.
  std::chrono::minutes window{60};
  std::size_t subjects_max = 100'000;
};

class CardTries {
 public:
  CardTries(const base::Clock& clock, CardTryLimits limits) : clock_(clock), limits_(limits) {}

  /// Counts a try. Errors: rate_limited with field card_number or address.
  [[nodiscard]] base::Result<void> count(const std::string& card_fingerprint, const std::string& address);

 private:
  struct Count {
    base::Monotonic since;
    int tries = 0;
  };
  bool allow(const std::string& subject, int limit);
  void forget_old(base::Monotonic now);

  const base::Clock& clock_;
  CardTryLimits limits_;
  std::mutex mutex_;
  std::unordered_map<std::string, Count> counts_;
};

}  // namespace acquit::payments

// CardTries: how often one card and one address may be tried within an hour: against card testing.
//
// Counted in this process, which is enough to make guessing useless; the number of tries of one payment is kept with
// the payment. Memory is bounded: the oldest counts go first. Safe from any thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "payments/rate_counter.h"

namespace acquit::payments {

struct CardTryLimits {
  int per_card = 20;     ///< Tries of one card number, at all shops.
  int per_address = 60;  ///< Tries from one IP address.
  std::chrono::minutes window{60};
  std::size_t subjects_max = 100'000;
};

class CardTries {
 public:
  CardTries(const base::Clock& clock, CardTryLimits limits)
      : limits_(limits), counter_(clock, {.length = limits.window, .subjects_max = limits.subjects_max}) {}

  /// Counts a try. Errors: rate_limited with field card_number or address.
  [[nodiscard]] base::Result<void> count(const std::string& card_fingerprint, const std::string& address);

 private:
  CardTryLimits limits_;
  RateCounter counter_;
};

}  // namespace acquit::payments

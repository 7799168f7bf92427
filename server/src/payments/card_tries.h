// CardTries: how often one card and one address may be tried within an hour: against card testing.
//
// Counted in this process, which is enough to make guessing useless; the number of tries of one payment is kept with
// the payment. The address is asked first and what it may no longer do counts for nothing, so that nobody fills the
// table of cards, or uses up the tries of somebody else's card, beyond what one address may. Memory is bounded: cards
// and addresses have a table each, and a full one forgets the windows that began first. Safe from any thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "payments/rate_counter.h"

namespace acquit::payments {

struct CardTryLimits {
  int per_card = 20;     ///< Tries of one card number, at all shops.
  int per_address = 60;  ///< Tries from one IPv4 address, or from one /64 of IPv6, which is what one line gets.
  std::chrono::minutes window{60};
  std::size_t subjects_max = 100'000;  ///< Cards, and as many addresses.
};

class CardTries {
 public:
  CardTries(const base::Clock& clock, CardTryLimits limits)
      : limits_(limits),
        cards_(clock, {.length = limits.window, .subjects_max = limits.subjects_max}),
        addresses_(clock, {.length = limits.window, .subjects_max = limits.subjects_max}) {}

  /// Counts a try; an empty address (a shop's server, which many buyers share) has no limit. Errors: rate_limited with
  /// field address, and then nothing was counted, or card_number, and then only the address was.
  [[nodiscard]] base::Result<void> count(const std::string& card_fingerprint, const std::string& address);

 private:
  CardTryLimits limits_;
  RateCounter cards_;
  RateCounter addresses_;
};

}  // namespace acquit::payments

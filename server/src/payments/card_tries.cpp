#include "payments/card_tries.h"

namespace acquit::payments {

base::Result<void> CardTries::count(const std::string& card_fingerprint, const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (!allow("card " + card_fingerprint, limits_.per_card)) {
    return base::fail(base::ErrorCode::rate_limited, "this card was tried too often; try again in an hour",
                      "card_number");
  }
  if (!address.empty() && !allow("address " + address, limits_.per_address)) {
    return base::fail(base::ErrorCode::rate_limited,
                      "too many cards were tried from this address; try again in an hour", "address");
  }
  return {};
}

bool CardTries::allow(const std::string& subject, int limit) {
  const base::Monotonic now = clock_.monotonic();
  if (counts_.size() >= limits_.subjects_max && !counts_.contains(subject)) forget_old(now);
  Count& count = counts_.try_emplace(subject, Count{.since = now, .tries = 0}).first->second;
  if (now - count.since >= limits_.window) count = {.since = now, .tries = 0};
  if (count.tries >= limit) return false;
  ++count.tries;
  return true;
}

void CardTries::forget_old(base::Monotonic now) {
  std::erase_if(counts_, [&](const auto& entry) { return now - entry.second.since >= limits_.window; });
  // All are recent: somebody floods us. Starting afresh costs less than refusing every buyer.
  if (counts_.size() >= limits_.subjects_max) counts_.clear();
}

}  // namespace acquit::payments

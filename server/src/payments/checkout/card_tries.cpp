#include "payments/checkout/card_tries.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace acquit::payments {
namespace {

// Of one card, while others of it are under way: those take seconds.
constexpr base::Milliseconds kSoon{60'000};

base::RateWindow window_of(const CardTryLimits& limits) {
  return {.length = limits.window, .subjects_max = limits.subjects_max};
}

// The whole shop, and the card's range at it.
std::array<Crowd, 2> crowds_of(const Crowd& crowd) {
  return {Crowd{.shop = crowd.shop, .mode = crowd.mode, .range = {}}, crowd};
}

}  // namespace

std::string_view to_string(TryLimit limit) {
  switch (limit) {
    case TryLimit::card: return "card";
    case TryLimit::address: return "address";
    case TryLimit::crowd: return "crowd";
  }
  return "card";
}

CardTries::CardTries(const base::Clock& clock, CardTryLimits limits)
    : clock_(clock),
      limits_(limits),
      cards_(clock, window_of(limits)),
      addresses_(clock, window_of(limits)),
      crowds_(clock, {.per_shop = limits.per_shop,
                      .per_range = limits.per_range,
                      .window = limits.window,
                      .crowds_max = limits.subjects_max}) {}

// The address first: what it may no longer do must not use up the tries of somebody else's card.
std::expected<CardTries::Place, TooManyTries> CardTries::begin(const Tried& tried) {
  if (!tried.address.empty()) {
    const base::Tally address = addresses_.tally(tried.address);
    if (address.times >= limits_.per_address) {
      return std::unexpected(TooManyTries{.limit = TryLimit::address, .again_in = address.ends_in});
    }
  }
  if (!take_place(tried.card)) {
    const base::Tally card = cards_.tally(tried.card);
    const bool over = card.times >= limits_.per_card;
    return std::unexpected(TooManyTries{.limit = TryLimit::card, .again_in = over ? card.ends_in : kSoon});
  }
  Place place(*this, tried.card, take_turn(tried));
  if (place.wait() > kLongestWait) {
    return std::unexpected(TooManyTries{.limit = TryLimit::crowd, .again_in = place.wait()});
  }
  return place;
}

void CardTries::refused(const Tried& tried, base::Milliseconds ago) {
  cards_.add(tried.card, ago);
  if (!tried.address.empty()) addresses_.add(tried.address, ago);
  for (const Crowd& crowd : crowds_of(tried.crowd)) crowds_.refused(crowd, ago);
}

void CardTries::accepted(const Crowd& crowd) {
  for (const Crowd& one : crowds_of(crowd)) crowds_.accepted(one);
}

// The wait until the try's turn; one that would last too long takes none.
base::Milliseconds CardTries::take_turn(const Tried& tried) {
  const base::Monotonic now = clock_.monotonic();
  base::Monotonic turn = now;
  std::array<Crowd, 2> crowds = crowds_of(tried.crowd);
  const auto calm = std::ranges::remove_if(crowds, [this](const Crowd& crowd) { return !crowds_.crowded(crowd); });
  const std::span waiting(crowds.begin(), calm.begin());
  const std::lock_guard lock(mutex_);
  std::erase_if(turns_, [now](const auto& entry) { return entry.second <= now; });
  for (const Crowd& crowd : waiting) {
    if (const auto next = turns_.find(crowd); next != turns_.end()) turn = std::max(turn, next->second);
  }
  const auto wait = std::chrono::ceil<base::Milliseconds>(turn - now);
  if (wait > kLongestWait) return wait;
  for (const Crowd& crowd : waiting) turns_[crowd] = turn + kBetweenTurns;
  return wait;
}

bool CardTries::take_place(const std::string& card) {
  const std::lock_guard lock(mutex_);
  int& others = under_way_[card];
  // Read under the lock: a try that ends meanwhile is seen as under way still, or as refused already.
  if (cards_.tally(card).times + others < limits_.per_card) {
    ++others;
    return true;
  }
  if (others == 0) under_way_.erase(card);
  return false;
}

void CardTries::end(const std::string& card) {
  const std::lock_guard lock(mutex_);
  const auto found = under_way_.find(card);
  if (found != under_way_.end() && --found->second <= 0) under_way_.erase(found);
}

}  // namespace acquit::payments

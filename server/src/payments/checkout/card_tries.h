// CardTries: how many refusals of one card, one address, one shop and one range of cards within an hour are borne
// before the next try waits: against card testing and guessing.
//
// Only refusals count: sixty buyers behind one address who pay do not keep the sixty-first from paying. A card and an
// address that were refused too often are held back until their hour is over. A shop, or one of its card ranges (the
// first six digits), of which more is refused than accepted is crowded: tries go on there, but one a second (crowds.h).
// Cards and addresses have a table each, and a full one forgets the windows that began first, so that memory is bounded
// and nobody pushes out somebody else's count by flooding the other table. Safe from any thread.
#pragma once

#include <cstddef>
#include <expected>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "base/id.h"
#include "base/rate_counter.h"
#include "payments/checkout/crowds.h"

namespace acquit::payments {

struct CardTryLimits {
  int per_card = 20;     ///< Refusals of one card number, at all shops.
  int per_address = 60;  ///< Refusals at one IPv4 address, or one /64 of IPv6, which is what one line gets.
  int per_shop = 200;    ///< Refusals at one shop.
  int per_range = 60;    ///< Refusals of one card range at one shop.
  std::chrono::minutes window{60};
  std::size_t subjects_max = 100'000;  ///< Cards; as many addresses; as many shops and ranges.
};

/// Who tries what.
struct Tried {
  std::string card;     ///< The vault's fingerprint.
  std::string address;  ///< A keyed hash of net::subscriber_of(); empty: a shop's server, which many buyers share.
  Crowd crowd;          ///< The shop's, of the card's range.
};

enum class TryLimit : std::uint8_t { card, address, crowd };
[[nodiscard]] std::string_view to_string(TryLimit limit);

/// No try now; the next one makes sense after `again_in`.
struct TooManyTries {
  TryLimit limit = TryLimit::card;
  base::Milliseconds again_in{0};

  /// Whole minutes until a try makes sense again, at least one.
  [[nodiscard]] int minutes() const {
    return std::max(1, static_cast<int>(std::chrono::ceil<std::chrono::minutes>(again_in).count()));
  }
};

class CardTries {
 public:
  /// How long a try may wait for its turn at a crowded shop; whoever would wait longer is asked to come back.
  static constexpr base::Milliseconds kLongestWait{15'000};
  static constexpr base::Milliseconds kBetweenTurns{1'000};

  CardTries(const base::Clock& clock, CardTryLimits limits);

  /// A try that is under way: until it ends it counts as refused for its card, so that many at once are no way round
  /// the limit.
  class Place {
   public:
    Place() = default;  // Of a try that is not limited.
    Place(CardTries& tries, std::string card, base::Milliseconds wait)
        : tries_(&tries), card_(std::move(card)), wait_(wait) {}
    Place(Place&& other) noexcept
        : tries_(std::exchange(other.tries_, nullptr)), card_(std::move(other.card_)), wait_(other.wait_) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (tries_ != nullptr) tries_->end(card_);
    }
    /// Until its turn; zero where nothing is crowded.
    [[nodiscard]] base::Milliseconds wait() const { return wait_; }

   private:
    CardTries* tries_ = nullptr;
    std::string card_;
    base::Milliseconds wait_{0};
  };

  /// Counts nothing by itself; what became of the try is told by refused() or accepted().
  [[nodiscard]] std::expected<Place, TooManyTries> begin(const Tried& tried);
  void refused(const Tried& tried, base::Milliseconds ago = base::Milliseconds{0});
  void accepted(const Crowd& crowd);
  /// For what nodes tell each other.
  [[nodiscard]] Crowds& crowds() { return crowds_; }

 private:
  [[nodiscard]] base::Milliseconds take_turn(const Tried& tried);
  [[nodiscard]] bool take_place(const std::string& card);
  void end(const std::string& card);

  const base::Clock& clock_;
  const CardTryLimits limits_;
  base::RateCounter cards_;
  base::RateCounter addresses_;
  Crowds crowds_;
  std::mutex mutex_;
  std::unordered_map<std::string, int> under_way_;  // By card.
  std::map<Crowd, base::Monotonic> turns_;          // When the next try may go.
};

}  // namespace acquit::payments

// Services: what every use case of this folder works with. Made once at start; all members outlive every call.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "connectors/acquirer.h"
#include "db/database.h"
#include "merchants/directory.h"
#include "merchants/merchant_store.h"
#include "payments/store/card_ranges.h"
#include "payments/store/line_faults.h"
#include "payments/store/payment_store.h"
#include "platform/geo/address_countries.h"
#include "platform/outbox/outbox.h"
#include "platform/vault/vault.h"

namespace acquit::payments {

/// After this time without an outcome the resolver takes an authorisation over, whatever became of its process.
inline constexpr std::chrono::seconds kResolveAfter{60};

/// The lines to one acquirer; null where there is none. What is paid in TEST never reaches the line for real money.
struct AcquirerLines {
  connectors::Acquirer* test = nullptr;
  connectors::Acquirer* production = nullptr;
};
/// The configured acquirers by name.
using Acquirers = std::map<std::string, AcquirerLines, std::less<>>;

struct Services {
  db::Database& database;
  const PaymentStore& store;
  const merchants::MerchantStore& merchant_store;
  merchants::Directory& directory;
  const platform::Vault& vault;
  platform::Outbox& outbox;
  const Acquirers& acquirers;
  const base::Clock& clock;
  base::Random& random;
  /// The shop is told of the end before its buyer goes back; otherwise right afterwards by the outbox.
  bool notify_before_return = true;
  /// An authorisation without an outcome for so long is taken back: longer than the acquirer may take to answer.
  std::chrono::seconds resolve_after = kResolveAfter;
  /// What our own settings kept from being sent; null: nobody counts.
  LineFaults* line_faults = nullptr;
  /// What is known of cards by their numbers, and of buyers by their addresses; null: nothing.
  const CardRanges* card_ranges = nullptr;
  const platform::AddressCountries* address_countries = nullptr;

  [[nodiscard]] static db::LaneKey lane(base::ShopId shop) {
    return {.value = static_cast<std::uint64_t>(shop.value()), .shop = shop.value()};
  }
  /// Writes about one payment come one after the other; those of one shop spread over the lanes. What several payments
  /// or transactions share is guarded by unique indexes and row locks, not by the lane.
  template <class Tag>
  [[nodiscard]] static db::LaneKey lane(base::ShopId shop, const base::Id<Tag>& id) {
    std::uint64_t key = 0;
    for (std::size_t i = 8; i < id.bytes().size(); ++i) key = key << 8U | std::to_integer<std::uint64_t>(id.bytes()[i]);
    return {.value = key, .shop = shop.value()};
  }
  /// Errors: unsendable if the contract names an acquirer to which no line of this mode is configured.
  [[nodiscard]] base::Result<connectors::Acquirer*> acquirer(const merchants::Contract& contract,
                                                             merchants::Mode mode) const {
    const auto found = acquirers.find(contract.acquirer);
    const AcquirerLines lines = found == acquirers.end() ? AcquirerLines{} : found->second;
    connectors::Acquirer* const line = mode == merchants::Mode::test ? lines.test : lines.production;
    if (line != nullptr) return line;
    return unsendable("no line to the acquirer " + contract.acquirer + " is configured for payments in " +
                      std::string(merchants::to_string(mode)));
  }
  /// The error of what our own settings keep from being sent, told to the operator.
  [[nodiscard]] std::unexpected<base::Error> unsendable(std::string detail, std::string field = {}) const {
    auto error = base::fail(base::ErrorCode::unsendable, std::move(detail), std::move(field));
    if (line_faults != nullptr) line_faults->note(error.error());
    return error;
  }
};

}  // namespace acquit::payments

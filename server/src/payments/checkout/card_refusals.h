// RefusalBook: what issuers refused of late, and what was accepted where much is refused, kept in the database, so that
// the limits of CardTries outlive a restart and are the same on every node.
//
// Each node counts its own at once. A refusal is written down at once; acceptances every few seconds, in one row for
// all of a crowd, and only where they matter (crowds.h), so that a payment costs no statement more. Every few seconds a
// node reads what the others wrote. What can't be written or read is counted by the node that saw it alone. Cards and
// addresses stand in the table as keyed hashes. Safe from any thread; catch_up() one call at a time.
#pragma once

#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "base/task.h"
#include "payments/bank/authorise.h"
#include "payments/checkout/card_tries.h"
#include "payments/nouns/card.h"
#include "payments/store/services.h"

namespace acquit::payments {

struct RefusalTag {
  static constexpr std::string_view prefix = "refusal";
};
struct AcceptancesTag {
  static constexpr std::string_view prefix = "acceptances";
};

class RefusalBook {
 public:
  /// How often a node has to call catch_up().
  static constexpr base::Milliseconds kEvery{5'000};

  RefusalBook(const Services& services, CardTryLimits limits);

  /// May this card be tried at `shop` now, from `address` (of the request; an empty one is not counted)? The place is
  /// to be held until the try has ended. A test card in TEST always may.
  [[nodiscard]] std::expected<CardTries::Place, TooManyTries> begin(merchants::Mode mode, base::ShopId shop,
                                                                    const CardEntry& card, const std::string& address);

  /// What became of a try: a refusal by the issuer is counted and written down, a success is counted, and anything
  /// else, such as an acquirer that can't be reached, says nothing about the buyer. Never fails; what can't be written
  /// is logged.
  [[nodiscard]] base::Task<void> note(const StepResult& result, const std::string& address);

  /// Writes down this node's acceptances, then counts what other nodes wrote since the last call; the first call counts
  /// the whole window. How many rows were counted. Errors: those of a write, of a read.
  [[nodiscard]] base::Task<base::Result<int>> catch_up();

 private:
  // What of one table is known already.
  struct Known {
    base::Time until;                                   // The last row read.
    std::unordered_map<std::string, base::Time> ids{};  // Of the last minute: own ones, and those read twice.
  };

  [[nodiscard]] Tried who(const Crowd& shop, const platform::VaultedCard& card, const std::string& address) const;
  [[nodiscard]] base::Task<base::Result<void>> write_down(merchants::Mode mode, const Transaction& transaction,
                                                          const std::string& address);
  [[nodiscard]] bool first_seen(Known& known, const std::string& id, base::Time at);
  [[nodiscard]] base::Task<base::Result<void>> tell();
  [[nodiscard]] base::Task<base::Result<void>> tell_of_shop(std::span<const Acceptances> of_shop);
  [[nodiscard]] base::Task<base::Result<db::Rows>> read_new(const db::Statement& since, Known& known);
  [[nodiscard]] base::Milliseconds ago(base::Time at) const;

  const Services& services_;
  const CardTryLimits limits_;
  CardTries tries_;
  std::mutex mutex_;  // Of what is known.
  Known refusals_;
  Known acceptances_;
};

/// The issuer, or the shop's list, said no to this card, rather than that somebody could not be reached, or that our
/// request was wrong.
[[nodiscard]] bool is_refusal_of_the_card(const StepResult& result);

}  // namespace acquit::payments

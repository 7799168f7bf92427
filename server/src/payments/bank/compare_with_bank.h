// What the bank has against what we have, after a night in which either may have lost something.
//
// The bank's list says of each reference (DE 37) what became of it; judge() says where our books differ. Nothing is
// written: each difference is settled by an operation that leaves its trace, or by hand. Pure but for
// compare_with_bank().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "payments/nouns/payment.h"
#include "payments/store/services.h"

namespace acquit::payments {

enum class BankSays : std::uint8_t { authorised, captured, credited, reversed, declined };
[[nodiscard]] std::string_view to_string(BankSays says);
[[nodiscard]] std::optional<BankSays> parse_bank_says(std::string_view text);

struct BankEntry {
  std::size_t line = 0;  ///< Of the list, for people.
  BankSays says = BankSays::declined;
  base::Money amount;  ///< Held, taken or given back.
  bool met = false;    ///< We have a transaction of this reference.

  /// The buyer's account is touched, or about to be.
  [[nodiscard]] bool moves_money() const;
};
using BankList = std::map<std::string, BankEntry, std::less<>>;  ///< By reference.

enum class Difference : std::uint8_t {
  unknown_here,    ///< The bank holds or took money for a reference that we don't have.
  held_for_none,   ///< The bank holds money for what ended here without payment.
  taken_for_none,  ///< The bank took money or gave it back, and here nothing was handed over.
  not_at_bank,     ///< We count on money of which the bank knows nothing, or which it has not taken.
  other_amount,
  doubtful,           ///< A capture that the bank did not acknowledge and may have: its list decides.
  reversal_doubtful,  ///< A reversal that the bank did not acknowledge: its list decides.
  undecided,          ///< Its outcome is still asked for.
};
[[nodiscard]] std::string_view to_string(Difference difference);

/// What the history adds to a transaction's state.
struct Marks {
  bool acknowledged = false;  ///< The bank confirmed the capture.
  bool doubtful = false;      ///< It did not, and may have it.
  bool modified = false;      ///< The amount was lowered after the authorisation.
  bool reversal_doubtful = false;
};

/// How `ours` differs from what the bank says of it; null where its list has no such reference, which counts only if
/// `expected`: the list covers the time when it was last asked.
[[nodiscard]] std::optional<Difference> judge(const Transaction& ours, const Marks& marks, const BankEntry* bank,
                                              bool expected);

struct Comparison {
  base::Time from;        ///< The list covers what was sent from then on
  base::Time to;          ///< and before then.
  base::Time born_since;  ///< Older transactions are not looked at.
};

/// Hears of each difference.
struct OnDifference {
  std::function<void(Difference, const Transaction&, const BankEntry*)> differs;
  /// Money that the bank holds or took, and no transaction of ours.
  std::function<void(const std::string& reference, const BankEntry&)> unknown_here;
};
struct Compared {
  std::size_t transactions = 0;  ///< Of ours that were looked at.
  std::size_t differences = 0;
};

/// Compares each transaction of the shops, marks what it met in the list, and tells of every difference. Reads a
/// thousand at a time, each in a snapshot of its own. Errors: those of a read.
[[nodiscard]] base::Task<base::Result<Compared>> compare_with_bank(const Services& services,
                                                                   const std::vector<base::ShopId>& shops,
                                                                   BankList& bank, Comparison what,
                                                                   const OnDifference& tell);

}  // namespace acquit::payments

// Ledger: double-entry postings of what happens to money, per transaction; every operation's postings sum to zero.
//
// Accounts: `buyer` (what buyers have given or got back), `held` (promised, not yet handed over), `receivable` (what
// the acquirer owes). Amounts after operations are read from here, never stored twice.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/money.h"
#include "payments/nouns/payment.h"
#include "payments/nouns/transaction_states.h"

namespace acquit::payments {

enum class Account : std::uint8_t { buyer, held, receivable };
[[nodiscard]] std::string_view to_string(Account account);

struct Posting {
  Account account = Account::buyer;
  std::int64_t minor = 0;  ///< In the transaction's currency; the other half stands beside it.
};

/// How an operation moves `amount`: two postings, or none where no money moves. `amount` is what moves, not what stays:
/// for modify the difference taken off.
[[nodiscard]] std::vector<Posting> postings_for(Kind kind, Event event, base::Money amount);
/// A refund is born authorised: it is held from its first moment.
[[nodiscard]] std::vector<Posting> postings_for_refund(base::Money amount);

}  // namespace acquit::payments

// Doubts: a message to the acquirer that it neither acknowledges nor lets us give up, and what becomes of it then.
//
// A reversal or an advice is repeated soon at first, then rarely. Once the bank has had its chance a number of times it
// is in doubt (an advice at once where the bank denies what it may have): the history and the log say so, a metric
// counts it, and it is asked for once an hour, for a week. After that nothing is sent any more. The row in the outbox
// stays until a person settles it by the bank's list, and a line in the log reminds of it once a day. What never left,
// since no link was up or had room, gave the bank no chance.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "payments/bank/message_payload.h"
#include "payments/store/services.h"

namespace acquit::payments {

/// In the history: the bank may hold what was to be reversed.
inline constexpr std::string_view kReversalDoubtful = "reversal_doubtful";
/// And what a person found in its list then.
inline constexpr std::string_view kReversalSettled = "reversal_settled";

inline constexpr int kTriesBeforeDoubt = 10;
inline constexpr int kTriesMax = kTriesBeforeDoubt + 7 * 24;

/// Nothing is sent any more: a person decides.
[[nodiscard]] constexpr bool is_given_up(const MessagePayload& payload) { return payload.tries >= kTriesMax; }

enum class Course : std::uint8_t { over, again, doubtful };
struct BankTry {
  Course course = Course::again;
  std::string said{};  ///< By the bank, for the history.
};

/// What becomes of a reversal or an advice after a try, or after the error that kept it from one. Writes a new doubt
/// into the history.
[[nodiscard]] base::Task<platform::OutboxVerdict> verdict_on(const Services& services,
                                                             const platform::OutboxMessage& message,
                                                             MessagePayload payload,
                                                             const base::Result<BankTry>& tried);

/// Transactions of the shop, by their id in hex, of which a reversal is in doubt.
[[nodiscard]] base::Result<std::set<std::string>> reversals_in_doubt(db::ReadTx& tx, base::ShopId shop);
/// Messages of all shops that wait for a person.
[[nodiscard]] base::Task<base::Result<std::int64_t>> count_doubts(const Services& services);

}  // namespace acquit::payments

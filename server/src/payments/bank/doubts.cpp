#include "payments/bank/doubts.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/embedded.h"
#include "base/log.h"
#include "db/statement.h"
#include "payments/ending/announcements.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments {
namespace {

// Between two repetitions: soon at first, then rarely.
constexpr std::chrono::seconds kAgainFirst{5};
constexpr std::chrono::seconds kAgainMax{900};
constexpr std::chrono::hours kAgainDoubtful{1};
constexpr std::chrono::days kRemindEvery{1};

const db::Statement kReversals = db::load_statement(embedded::sql_payments(), "doubts.reversals");
const db::Statement kCount = db::load_statement(embedded::sql_payments(), "doubts.count");

std::chrono::seconds wait_before(const MessagePayload& payload, int attempts) {
  if (is_given_up(payload)) return kRemindEvery;
  if (payload.doubtful) return kAgainDoubtful;
  return std::min<std::chrono::seconds>(kAgainFirst * (1 << std::min(attempts - 1, 8)), kAgainMax);
}

// Not where it had no link, or we no database: the message says nothing of itself then.
bool had_its_chance(const base::Result<BankTry>& tried) {
  if (tried || tried.error().code == base::ErrorCode::unsendable) return true;
  const base::Family family = base::error_row(tried.error().code).family;
  return family != base::Family::taken_back && family != base::Family::retry_later;
}

std::string_view doubt_about(const platform::OutboxMessage& message) {
  return message.topic == kTopicReversal ? kReversalDoubtful : kCaptureDoubtful;
}

// Its bookkeeping may be at fault, too: a doubt that can't be written is one all the same.
base::Task<base::Result<void>> record_doubt(const Services& services, const platform::OutboxMessage& message,
                                            const std::string& why) {
  const auto id = TransactionId::parse(message.subject);
  if (!id) co_return base::fail(base::ErrorCode::internal, "the outbox names the transaction " + message.subject);
  const db::LaneKey lane = Services::lane(message.shop, *id);
  co_return co_await services.database.write(lane, [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(const Transaction transaction, services.store.lock_transaction(tx, message.shop, *id));
    if (message.topic == kTopicAdvice && transaction.state != State::captured) return {};
    return services.store.add_operation(tx, transaction, doubt_about(message), base::Actor::job(), transaction.amount,
                                        why + "; the bank may have it: to be reconciled");
  });
}

}  // namespace

base::Task<platform::OutboxVerdict> verdict_on(const Services& services, const platform::OutboxMessage& message,
                                               MessagePayload payload, const base::Result<BankTry>& tried) {
  if (tried && tried->course == Course::over) co_return platform::OutboxVerdict{};
  if (!tried) base::log::failed(message.topic, tried.error(), {{"transaction", message.subject}});
  if (!is_given_up(payload) && had_its_chance(tried)) ++payload.tries;
  const bool doubtful = (tried && tried->course == Course::doubtful) || payload.tries >= kTriesBeforeDoubt;
  const std::string why = tried ? tried->said : tried.error().detail;
  if (doubtful && !payload.doubtful) {
    const auto recorded = co_await record_doubt(services, message, why);
    if (!recorded) base::log::failed("record_doubt", recorded.error(), {{"transaction", message.subject}});
    payload.doubtful = recorded.has_value();
  }
  if (doubtful) {
    base::log::error(doubt_about(message),
                     {{"transaction", message.subject}, {"detail", why}, {"asked_no_more", is_given_up(payload)}});
  }
  co_return platform::OutboxVerdict{.again_at = services.clock.now() + wait_before(payload, message.attempts),
                                    .payload = to_text(payload)};
}

base::Result<std::set<std::string>> reversals_in_doubt(db::ReadTx& tx, base::ShopId shop) {
  ACQUIT_TRY(const db::Rows rows, tx.query(kReversals, {shop.value()}));
  std::set<std::string> in_doubt;
  for (const db::Row& row : rows) in_doubt.insert(row.text(0));
  return in_doubt;
}

base::Task<base::Result<std::int64_t>> count_doubts(const Services& services) {
  co_return co_await services.database.read([](db::ReadTx& tx) -> base::Result<std::int64_t> {
    ACQUIT_TRY(const auto row, tx.find(kCount, {}));
    return row ? row->integer(0) : 0;
  });
}

}  // namespace acquit::payments

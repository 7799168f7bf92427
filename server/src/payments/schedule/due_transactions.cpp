#include "payments/schedule/due_transactions.h"

#include "base/log.h"
#include "base/parallel.h"
#include "payments/bank/authorise.h"
#include "payments/checkout/leave.h"
#include "payments/ending/announcements.h"

namespace acquit::payments {
namespace {

// A transaction that is due is what lets the job move money.
class DueJob : public Permit {
 public:
  DueJob() : Permit(base::Actor::job()) {}
};
const DueJob kDueJob;

constexpr std::size_t kBatch = 256;
constexpr int kRounds = 4;
// What failed makes room for the others, and comes round again.
constexpr std::chrono::minutes kPutOff{15};

constexpr std::size_t kAtOnce = 32;

// Between the list and the write, the merchant, the buyer or another node may have been faster.
bool still_due(const Services& services, const Transaction& transaction) {
  return transaction.due.at && *transaction.due.at <= services.clock.now();
}

// An authorisation without an outcome waits for nothing but the resolver: the buyer stands before a waiting page.
base::Result<void> put_off(const Services& services, db::Tx& tx, Transaction& transaction) {
  const bool unresolved = transaction.state == State::authorising;
  transaction.due.at = services.clock.now() + (unresolved ? services.resolve_after : kPutOff);
  return services.store.update_transaction(tx, transaction);
}

// A refund follows its debit: nothing is given back of what the bank may still reject.
base::Result<bool> may_be_captured(const Services& services, db::Tx& tx, const Transaction& transaction) {
  if (!transaction.parent) return true;
  return services.store.has_operation(tx, transaction.shop, *transaction.parent, kAcknowledged);
}

base::Task<base::Result<void>> capture(const Services& services, const merchants::ShopConfig& shop, TransactionId id) {
  co_return co_await services.database.write(Services::lane(shop.shop.id, id), [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
    if (transaction.state != State::authorised || !still_due(services, transaction)) return {};
    ACQUIT_TRY(const bool now, may_be_captured(services, tx, transaction));
    if (!now) return put_off(services, tx, transaction);
    transaction.due.at = std::nullopt;
    ACQUIT_CHECK(services.store.transition(
        tx, transaction,
        {.event = Event::capture, .actor = base::Actor::job(), .moved = transaction.amount, .detail = {}}));
    ACQUIT_CHECK(
        services.outbox.add(tx, transaction.shop, kTopicAdvice, transaction.id.hex(), {}, services.clock.now()));
    return {};
  });
}

base::Task<base::Result<void>> expire(const Services& services, const merchants::ShopConfig& shop, TransactionId id) {
  co_return co_await services.database.write(Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
    if (!transaction.capture.awaits_validation() || !still_due(services, transaction)) return {};
    const bool held = transaction.state == State::to_validate;
    transaction.due.at = std::nullopt;
    ACQUIT_CHECK(services.store.transition(
        tx, transaction,
        {.event = Event::expire,
         .actor = base::Actor::job(),
         .moved = held ? transaction.amount : base::Money::zero(transaction.amount.currency()),
         .detail = "not validated in time"}));
    if (held) {
      ACQUIT_CHECK(services.outbox.add(tx, transaction.shop, kTopicReversal, transaction.id.hex(), "release",
                                       services.clock.now()));
    }
    return announce(services, tx, transaction, merchants::Rule::batch_change);
  });
}

// The process that asked the acquirer is gone, or never wrote what it heard: take the authorisation back.
base::Task<base::Result<void>> resolve(const Services& services, const merchants::ShopConfig& shop, TransactionId id) {
  co_return co_await services.database.write(Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, shop.shop.id, id));
    if (transaction.state != State::authorising || transaction.unknown_since) return {};
    transaction.unknown_since = services.clock.now();
    transaction.due.at = std::nullopt;
    ACQUIT_CHECK(services.store.update_transaction(tx, transaction));
    ACQUIT_CHECK(services.store.add_operation(tx, transaction, "outcome_unknown", base::Actor::job(),
                                              transaction.amount,
                                              "no outcome was written in time; a reversal is under way"));
    const bool batch = transaction.due.authorise_at.has_value();
    ACQUIT_CHECK(services.outbox.add(tx, transaction.shop, kTopicReversal, transaction.id.hex(), batch ? "batch" : "",
                                     services.clock.now()));
    return {};
  });
}

base::Task<base::Result<void>> leave(const Services& services, const merchants::ShopConfig& shop,
                                     const Transaction& transaction) {
  const auto left = co_await leave_expired(services, shop, transaction.payment);
  if (!left) co_return std::unexpected(left.error());
  co_return base::Result<void>{};
}

base::Task<base::Result<void>> handle(const Services& services, const merchants::ShopConfig& shop,
                                      const Transaction& transaction) {
  switch (transaction.state) {
    case State::authorised: return capture(services, shop, transaction.id);
    case State::to_validate: return expire(services, shop, transaction.id);
    case State::waiting_authorisation:
      return transaction.capture.awaits_validation() ? expire(services, shop, transaction.id)
                                                     : authorise_waiting(services, kDueJob, shop, transaction.id);
    case State::authorising: return resolve(services, shop, transaction.id);
    case State::initiated:
    case State::authenticating:
    case State::refused: return leave(services, shop, transaction);
    case State::pending:
    case State::captured:
    case State::capture_failed:
    case State::accepted:
    case State::abandoned:
    case State::cancelled:
    case State::expired: break;
  }
  return [](State state) -> base::Task<base::Result<void>> {
    co_return base::fail(base::ErrorCode::internal,
                         "nothing is ever due for a transaction that is " + std::string(to_string(state)));
  }(transaction.state);
}

base::Task<void> put_off(const Services& services, const Transaction& listed) {
  const auto put =
      co_await services.database.write(Services::lane(listed.shop, listed.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_TRY(Transaction transaction, services.store.lock_transaction(tx, listed.shop, listed.id));
        if (!still_due(services, transaction)) return {};
        return put_off(services, tx, transaction);
      });
  if (!put) base::log::failed("put_off", put.error(), {{"transaction", listed.id.hex()}});
}

base::Task<base::Result<void>> handle(const Services& services, const Transaction& transaction) {
  ACQUIT_CO_TRY(const auto shop, co_await services.directory.find(transaction.shop));
  co_return co_await handle(services, *shop, transaction);
}

base::Task<void> handle_or_put_off(const Services& services, const Transaction& transaction) {
  const auto handled = co_await handle(services, transaction);
  if (handled) co_return;
  base::log::failed("due_transaction", handled.error(), {{"transaction", transaction.id.hex()}});
  co_await put_off(services, transaction);
}

}  // namespace

base::Task<base::Result<int>> handle_due_transactions(const Services& services, base::Executor& executor, Due which) {
  int handled = 0;
  for (int round = 0; round < kRounds; ++round) {
    ACQUIT_CO_TRY(const auto due, co_await services.database.read([&](db::ReadTx& tx) {
      return services.store.due_transactions(tx, which, services.clock.now(), static_cast<int>(kBatch));
    }));
    co_await base::for_each_at_once(executor, due, kAtOnce, [&](const Transaction& transaction) {
      return handle_or_put_off(services, transaction);
    });
    handled += static_cast<int>(due.size());
    if (due.size() < kBatch) break;
  }
  co_return handled;
}

}  // namespace acquit::payments

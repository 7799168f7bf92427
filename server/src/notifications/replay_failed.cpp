#include "notifications/replay_failed.h"

#include <map>
#include <mutex>

#include "base/executor.h"
#include "base/parallel.h"

namespace acquit::notifications {
namespace {

constexpr std::size_t kCallsAtOnce = 8;
constexpr int kFailuresInARow = 5;

// One run over many failed calls. Calls end on any thread.
class Run {
 public:
  Run(Notifier& notifier, const base::Actor& actor, const OnReplay& tell)
      : notifier_(notifier), actor_(actor), tell_(tell) {}

  base::Task<void> call(const FailedCall& call) {
    if (!may_begin(call)) co_return;
    auto made = co_await notifier_.replay_notification(
        {.shop = call.shop, .transaction = call.transaction, .actor = actor_, .rule = call.rule});
    ended(call, made);
  }
  [[nodiscard]] const Replayed& replayed() const { return replayed_; }

 private:
  bool may_begin(const FailedCall& call) {
    const std::lock_guard lock(mutex_);
    if (replayed_.unnoted == 0 && failures_[call.shop] < kFailuresInARow) return true;
    ++replayed_.left_out;
    return false;
  }
  void ended(const FailedCall& call, const base::Result<CallByHand>& made) {
    const std::lock_guard lock(mutex_);
    tell_(call, made);
    if (!made) {
      ++replayed_.impossible;
      return;
    }
    const bool taken = made->delivery.succeeded;
    ++(taken ? replayed_.taken : replayed_.not_taken);
    failures_[call.shop] = taken ? 0 : failures_[call.shop] + 1;
    if (made->unnoted) ++replayed_.unnoted;
  }

  Notifier& notifier_;
  const base::Actor& actor_;
  const OnReplay& tell_;
  std::mutex mutex_;
  Replayed replayed_;                     // Under mutex_.
  std::map<base::ShopId, int> failures_;  // Under mutex_. In a row.
};

}  // namespace

base::Task<base::Result<FailedCalls>> find_failed(db::Database& database, FailedSearch search) {
  if (search.limit < 1 || search.limit > kReplayMax) {
    co_return base::fail(base::ErrorCode::field_value, "must be from 1 to " + std::to_string(kReplayMax), "limit");
  }
  co_return co_await database.read([&](db::ReadTx& tx) -> base::Result<FailedCalls> {
    const DeliveryStore store;
    ACQUIT_TRY(auto calls, store.failed(tx, search));
    ACQUIT_TRY(const std::int64_t count, store.count_failed(tx, search));
    return FailedCalls{.calls = std::move(calls), .count = count};
  });
}

base::Task<Replayed> replay_failed(Notifier& notifier, const std::vector<FailedCall>& calls, const base::Actor& actor,
                                   const OnReplay& tell) {
  Run run(notifier, actor, tell);
  base::InlineExecutor executor;
  co_await base::for_each_at_once(executor, calls, kCallsAtOnce,
                                  [&run](const FailedCall& call) { return run.call(call); });
  co_return run.replayed();
}

}  // namespace acquit::notifications

#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "app/history.h"
#include "app/operate.h"
#include "app/period.h"
#include "base/executor.h"
#include "base/parallel.h"

namespace acquit::app {
namespace {

using base::ErrorCode;
using notifications::FailedCall;
using notifications::FailedSearch;

constexpr std::size_t kCallsAtOnce = 8;
// A shop that takes none of so many is not mended yet; each of its calls may take half a minute.
constexpr int kFailuresInARow = 5;

std::string name_of(const FailedCall& call) {
  return fmt::format("shop {} {} {}", base::to_string(call.shop), call.transaction.to_string(),
                     merchants::to_string(call.rule));
}

// One run over many failed calls. Calls end on any thread.
class Run {
 public:
  Run(Desk& desk, const std::function<void(const std::string&)>& say)
      : desk_(desk), say_(say), actor_(operator_name()) {}

  base::Task<void> call(const FailedCall& call) {
    if (!may_begin(call)) co_return;
    auto made = co_await desk_.notifier().replay_notification(
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
  void ended(const FailedCall& call, const base::Result<notifications::CallByHand>& made) {
    const std::lock_guard lock(mutex_);
    if (!made) {
      ++replayed_.impossible;
      say_(name_of(call) + ": " + made.error().detail);
      return;
    }
    const bool taken = made->delivery.succeeded;
    ++(taken ? replayed_.taken : replayed_.not_taken);
    failures_[call.shop] = taken ? 0 : failures_[call.shop] + 1;
    say_(name_of(call) + "  " + delivery_line(made->delivery));
    if (!made->unnoted) return;
    ++replayed_.unnoted;
    say_(unnoted_line(*made->unnoted));
  }

  Desk& desk_;
  const std::function<void(const std::string&)>& say_;
  const std::string actor_;
  std::mutex mutex_;
  Replayed replayed_;                     // Under mutex_.
  std::map<base::ShopId, int> failures_;  // Under mutex_. In a row.
};

base::Result<FailedSearch> parse(const FailedOptions& options, base::Time now) {
  if (options.from.empty()) return base::fail(ErrorCode::field_missing, "--from: say since when", "--from");
  if (options.limit < 1 || options.limit > kReplayMax) {
    return base::fail(ErrorCode::field_format, "--limit: must be from 1 to " + std::to_string(kReplayMax), "--limit");
  }
  ACQUIT_TRY(const Period period, parse_period(options.from, options.to));
  // What fails from now on is this run's.
  FailedSearch search{.from = *period.from, .until = std::min(period.until.value_or(now), now), .limit = options.limit};
  if (!options.shop.empty()) {
    ACQUIT_TRY(search.shop, parse_shop_option(options.shop));
  }
  return search;
}

struct Failed {
  std::vector<FailedCall> calls;
  std::int64_t count = 0;
};

base::Result<Failed> find(Desk& desk, const FailedSearch& search) {
  const notifications::DeliveryStore store;
  return base::sync_wait(desk.context().database.read([&](db::ReadTx& tx) -> base::Result<Failed> {
    ACQUIT_TRY(auto calls, store.failed(tx, search));
    ACQUIT_TRY(const std::int64_t count, store.count_failed(tx, search));
    return Failed{.calls = std::move(calls), .count = count};
  }));
}

}  // namespace

base::Result<notifications::CallByHand> replay(Desk& desk, const Which& which) {
  ACQUIT_TRY(const Found found, find_which(desk, which));
  return base::sync_wait(desk.notifier().replay_notification(
      {.shop = found.payment.shop, .transaction = found.main().id, .actor = operator_name()}));
}

base::Result<Replayed> replay_failed(Desk& desk, const FailedOptions& options,
                                     const std::function<void(const std::string&)>& say) {
  ACQUIT_TRY(const FailedSearch search, parse(options, desk.context().clock.now()));
  ACQUIT_TRY(const Failed failed, find(desk, search));
  Run run(desk, say);
  if (options.dry_run) {
    for (const FailedCall& call : failed.calls) say(exact_moment(call.at) + "  " + name_of(call));
  } else {
    base::InlineExecutor executor;
    base::sync_wait(base::for_each_at_once(executor, failed.calls, kCallsAtOnce,
                                           [&run](const FailedCall& call) { return run.call(call); }));
  }
  Replayed replayed = run.replayed();
  replayed.failed = failed.count;
  if (static_cast<std::int64_t>(failed.calls.size()) < failed.count) {
    replayed.go_on_from = exact_moment(failed.calls.back().at);
  }
  return replayed;
}

std::string to_text(const Replayed& replayed, bool dry_run) {
  std::string out = fmt::format("{} failed", replayed.failed);
  const auto add = [&out](std::int64_t count, std::string_view what) {
    if (count > 0) out += fmt::format(", {} {}", count, what);
  };
  if (!dry_run) {
    add(replayed.taken, "taken now");
    add(replayed.not_taken, "not taken");
    add(replayed.impossible, "could not be made");
    add(replayed.left_out, "left out: the shop did not take several in a row, or a call could not be written down");
  } else if (replayed.failed > 0) {
    out += "; nobody was called";
  }
  out += "\n";
  if (!replayed.go_on_from.empty()) {
    out += "--limit ended the list; the rest: the same with --from " + replayed.go_on_from + "\n";
  }
  return out;
}

std::string unnoted_line(const base::Error& error) {
  return "the call was made, but the history does not show it (" + error.detail +
         "); do not send it again for that reason alone";
}

}  // namespace acquit::app

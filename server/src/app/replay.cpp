#include "app/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/history.h"
#include "app/operate.h"
#include "app/period.h"

namespace acquit::app {
namespace {

using base::ErrorCode;
using notifications::FailedCall;
using notifications::FailedCalls;
using notifications::FailedSearch;

std::string name_of(const FailedCall& call) {
  return fmt::format("shop {} {} {}", base::to_string(call.shop), call.transaction.to_string(),
                     merchants::to_string(call.rule));
}

base::Result<FailedSearch> parse(const FailedOptions& options, base::Time now) {
  if (options.from.empty()) return base::fail(ErrorCode::field_missing, "--from: say since when", "--from");
  ACQUIT_TRY(const Period period, parse_period(options.from, options.to));
  // What fails from now on is this run's.
  FailedSearch search{.from = *period.from, .until = std::min(period.until.value_or(now), now), .limit = options.limit};
  if (!options.shop.empty()) {
    ACQUIT_TRY(search.shop, parse_shop_option(options.shop));
  }
  return search;
}

base::Result<FailedCalls> find(Desk& desk, const FailedSearch& search) {
  auto found = base::sync_wait(notifications::find_failed(desk.services().database, search));
  if (!found && !found.error().field.empty()) {
    const base::Error error = std::move(found).error();
    const std::string option = "--" + error.field;
    return base::fail(error.code, option + ": " + error.detail, option);
  }
  return found;
}

std::string lines_of(const FailedCall& call, const base::Result<notifications::CallByHand>& made) {
  if (!made) return name_of(call) + ": " + made.error().detail;
  std::string out = name_of(call) + "  " + delivery_line(made->delivery);
  if (made->unnoted) out += "\n" + unnoted_line(*made->unnoted);
  return out;
}

}  // namespace

base::Result<notifications::CallByHand> replay(Desk& desk, const PaymentOptions& options) {
  ACQUIT_TRY(const auto found, find_named(desk, options));
  return base::sync_wait(desk.notifier().replay_notification(
      {.shop = found.payment.shop, .transaction = found.speaking().id, .actor = operating_user()}));
}

base::Result<ReplayReport> replay_failed(Desk& desk, const FailedOptions& options,
                                         const std::function<void(const std::string&)>& say) {
  ACQUIT_TRY(const FailedSearch search, parse(options, desk.services().clock.now()));
  ACQUIT_TRY(const FailedCalls failed, find(desk, search));
  ReplayReport report{.failed = failed.count, .replayed = {}, .go_on_from = {}};
  if (options.dry_run) {
    for (const FailedCall& call : failed.calls) say(exact_moment(call.at) + "  " + name_of(call));
  } else {
    report.replayed = base::sync_wait(
        notifications::replay_failed(desk.notifier(), failed.calls, operating_user(),
                                     [&](const auto& call, const auto& made) { say(lines_of(call, made)); }));
  }
  if (static_cast<std::int64_t>(failed.calls.size()) < failed.count) {
    report.go_on_from = exact_moment(failed.calls.back().at);
  }
  return report;
}

std::string to_text(const ReplayReport& report, bool dry_run) {
  const notifications::Replayed& replayed = report.replayed;
  std::string out = fmt::format("{} failed", report.failed);
  const auto add = [&out](std::int64_t count, std::string_view what) {
    if (count > 0) out += fmt::format(", {} {}", count, what);
  };
  if (!dry_run) {
    add(replayed.taken, "taken now");
    add(replayed.not_taken, "not taken");
    add(replayed.impossible, "could not be made");
    add(replayed.left_out, "left out: the shop did not take several in a row, or a call could not be written down");
  } else if (report.failed > 0) {
    out += "; nobody was called";
  }
  out += "\n";
  if (!report.go_on_from.empty()) {
    out += "--limit ended the list; the rest: the same with --from " + report.go_on_from + "\n";
  }
  return out;
}

std::string unnoted_line(const base::Error& error) {
  return "the call was made, but the history does not show it (" + error.detail +
         "); do not send it again for that reason alone";
}

}  // namespace acquit::app

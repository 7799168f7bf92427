#include "app/housekeeping.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "net/tls.h"
#include "payments/bank/doubts.h"
#include "payments/schedule/purge.h"
#include "platform/partitions/partitions.h"

namespace acquit::app {

base::Task<base::Result<void>> make_partitions(db::Database& database, const base::Clock& clock) {
  const auto made = co_await platform::make_partitions(database, clock.now());
  if (!made) co_return std::unexpected(made.error());
  if (*made > 0) base::log::info("partitions_made", {{"count", *made}});
  co_return base::Result<void>{};
}

base::Task<base::Result<void>> purge(const payments::Services& services, const platform::Config& config,
                                     std::function<bool()> stopped) {
  const std::chrono::days retention{config.number("payments.test_retention_days")};
  ACQUIT_CO_TRY(const auto purged, co_await payments::purge(services, retention, std::move(stopped)));
  if (purged.payments + purged.traces + purged.refusals + purged.acceptances > 0) {
    base::log::info("purged", {{"test_payments", purged.payments},
                               {"request_traces", purged.traces},
                               {"card_refusals", purged.refusals},
                               {"card_acceptances", purged.acceptances}});
  }
  co_return base::Result<void>{};
}

base::Task<base::Result<void>> count_doubts(const payments::Services& services, std::atomic<std::int64_t>& doubts) {
  ACQUIT_CO_TRY(doubts, co_await payments::count_doubts(services));
  co_return base::Result<void>{};
}

base::Task<base::Result<void>> watch_clock(base::ClockWatch& watch) {
  if (const auto by = watch.jumped()) {
    base::log::warning("clock_jumped",
                       {{"by_ms", by->count()}, {"detail", "captures, expiries and repetitions shift by as much"}});
  }
  co_return base::Result<void>{};
}

void watch_certificate(std::string_view name, std::optional<base::Time> ends, const base::Clock& clock) {
  if (!ends) return;
  const std::int64_t left = net::days_left(*ends, clock.now());
  if (left < net::kEndsSoonDays) base::log::warning(name, {{"days_left", left}});
}

}  // namespace acquit::app

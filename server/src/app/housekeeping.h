// What a node does now and then besides payments, and says in the log when it did something. Safe from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/clock_watch.h"
#include "base/result.h"
#include "base/task.h"
#include "payments/store/services.h"
#include "platform/config/config.h"

namespace acquit::app {

/// The partitions of the months to come, on PostgreSQL. Errors: those of a write.
[[nodiscard]] base::Task<base::Result<void>> make_partitions(db::Database& database, const base::Clock& clock);

/// Removes what is kept for a time only, until `stopped`. Errors: those of a write.
[[nodiscard]] base::Task<base::Result<void>> purge(const payments::Services& services, const platform::Config& config,
                                                   std::function<bool()> stopped);

/// How many messages to the bank wait for a person, for a metric.
inline constexpr base::Milliseconds kDoubtsEvery{60'000};
[[nodiscard]] base::Task<base::Result<void>> count_doubts(const payments::Services& services,
                                                          std::atomic<std::int64_t>& doubts);

/// Tells of a clock that was set.
[[nodiscard]] base::Task<base::Result<void>> watch_clock(base::ClockWatch& watch);

/// Tells of a certificate of ours that ends within a month, as the event `name`; nothing where there is none.
void watch_certificate(std::string_view name, std::optional<base::Time> ends, const base::Clock& clock);

}  // namespace acquit::app

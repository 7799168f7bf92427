#include "bench/memory.h"

#include <algorithm>
#include <chrono>

#include "bench/load.h"
#include "bench/process.h"
#include "bench/stop_with.h"

namespace acquit::bench {
namespace {

constexpr std::chrono::milliseconds kPortion{500};
constexpr int kPortionsMax = 7200;  // An hour.

}  // namespace

MemoryResult watch_memory(const MemoryOptions& options) {
  MemoryResult result;
  result.idle_mb = resident_mb(options.pid);
  LoadOptions load{.server = options.server, .connections = options.connections, .duration = kPortion};
  for (int portions = 0; result.accepted < options.payments && portions < kPortionsMax; ++portions) {
    const LoadResult portion = must(run_load(load));
    load.first = portion.next;
    result.accepted += portion.accepted;
    result.seconds += portion.seconds;
    result.failed += portion.failed;
    if (result.first_failure.empty()) result.first_failure = portion.first_failure;
    if (portion.accepted == 0) break;  // A server that takes none has said why.
    // The first portion belongs to the first third also where the machine is quick.
    double& most = portions == 0 || result.accepted * 3 <= options.payments ? result.third_mb : result.most_mb;
    most = std::max(most, resident_mb(options.pid));
  }
  return result;
}

}  // namespace acquit::bench

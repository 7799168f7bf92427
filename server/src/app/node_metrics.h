// What /metrics tells of a node: counters and gauges of its parts, read when they are asked for.
//
// The parts outlive the metrics. Called once, when all of them are there.
#pragma once

#include <atomic>
#include <cstdint>

#include "app/bank_lines.h"
#include "app/directories.h"
#include "app/results_door.h"
#include "app/storage.h"
#include "http/server.h"
#include "payments/store/line_faults.h"
#include "platform/metrics/metrics.h"

namespace acquit::app {

struct MeasuredParts {
  const Storage& storage;
  const http::Server& server;
  const BankLines& bank;
  const ResultsDoor& results_door;
  Directories& directories;
  const std::atomic<std::int64_t>& doubts;
  const payments::LineFaults& line_faults;
};

void add_metrics(platform::Metrics& metrics, const MeasuredParts& parts);

}  // namespace acquit::app

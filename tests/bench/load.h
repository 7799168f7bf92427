// The load: signed SILENT forms over kept-alive connections, closed loop (as fast as answers come) or at a given rate.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace acquit::bench {

struct LoadOptions {
  std::string server;  ///< "127.0.0.1:18080".
  int connections = 64;
  std::chrono::milliseconds duration{10'000};
  double rate = 0;          ///< Payments a second, open loop; 0: closed loop.
  std::uint64_t first = 0;  ///< Number of the first payment; numbers make ids and cards unlike.
};

struct LoadResult {
  std::uint64_t accepted = 0;  ///< Answered with an accepted payment.
  std::uint64_t failed = 0;    ///< Any other answer.
  double seconds = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  std::uint64_t next = 0;     ///< The number after the last one used.
  std::string first_failure;  ///< Status and first bytes.
};

[[nodiscard]] base::Result<LoadResult> run_load(const LoadOptions& options);

}  // namespace acquit::bench

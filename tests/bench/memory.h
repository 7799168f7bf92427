// Memory: does a server that takes many payments stay below a ceiling? Complete payments, notifications included, in
// portions; after each the server's memory is read.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace acquit::bench {

struct MemoryOptions {
  std::string server;  ///< "127.0.0.1:18080".
  pid_t pid = 0;
  int connections = 64;
  std::uint64_t payments = 36'000;  ///< At least so many.
};

struct MemoryResult {
  std::uint64_t accepted = 0;
  std::uint64_t failed = 0;
  std::string first_failure;
  double seconds = 0;
  double idle_mb = 0;   ///< Before the first payment.
  double third_mb = 0;  ///< The most in the first third of the payments.
  double most_mb = 0;   ///< The most after it.
};

[[nodiscard]] MemoryResult watch_memory(const MemoryOptions& options);

}  // namespace acquit::bench

// What a process has used, read from /proc.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace acquit::bench {

/// User and system time of all its threads, in milliseconds.
[[nodiscard]] std::int64_t cpu_ms(pid_t pid);
/// Memory in RAM, in megabytes (10^6 bytes).
[[nodiscard]] double resident_mb(pid_t pid);

}  // namespace acquit::bench

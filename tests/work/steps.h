// Counts the work of code that is compiled with -fsanitize-coverage=trace-pc-guard: branches taken, and what memmove,
// memcpy and memchr go through in pieces of sixteen bytes. Unlike seconds, steps are the same on every machine, however
// busy it is. Threads: one.
#pragma once

#include <cstdint>

namespace acquit::work {

/// Since the program began.
[[nodiscard]] std::uint64_t steps();

}  // namespace acquit::work

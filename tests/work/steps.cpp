#include "work/steps.h"

#include <cstddef>

// These names are the compiler's and the C library's.
// NOLINTBEGIN
namespace {

std::uint64_t step_count = 0;
[[maybe_unused]] constexpr std::size_t kPiece = 16;

}  // namespace

extern "C" {

void __sanitizer_cov_trace_pc_guard_init(std::uint32_t* start, std::uint32_t* stop) {
  for (std::uint32_t* guard = start; guard < stop; ++guard) *guard = 1;
}

void __sanitizer_cov_trace_pc_guard(std::uint32_t*) { ++step_count; }

// In place of the C library's, also where libstdc++ calls them. AddressSanitizer has its own, and then these steps are
// not counted.
#if !__has_feature(address_sanitizer)
__attribute__((no_builtin)) void* memmove(void* to, const void* from, std::size_t size) {
  step_count += size / kPiece;
  auto* out = static_cast<volatile char*>(to);
  const auto* in = static_cast<const volatile char*>(from);
  if (out < in) {
    for (std::size_t i = 0; i < size; ++i) out[i] = in[i];
  } else {
    for (std::size_t i = size; i > 0; --i) out[i - 1] = in[i - 1];
  }
  return to;
}

__attribute__((no_builtin)) void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
  return memmove(to, from, size);
}

__attribute__((no_builtin)) void* memchr(const void* text, int wanted, std::size_t size) {
  const auto* at = static_cast<const volatile unsigned char*>(text);
  for (std::size_t i = 0; i < size; ++i) {
    if (at[i] != static_cast<unsigned char>(wanted)) continue;
    step_count += i / kPiece;
    return const_cast<unsigned char*>(at + i);
  }
  step_count += size / kPiece;
  return nullptr;
}
#endif
}
// NOLINTEND

namespace acquit::work {

std::uint64_t steps() { return step_count; }

}  // namespace acquit::work

#include "base/random.h"

#include <array>
#include <cstring>
#include <limits>
#include <vector>

#include "base/hex.h"

namespace acquit::base {

std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t limit =
      std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % bound;
  std::uint64_t value = 0;
  do {
    fill(std::as_writable_bytes(std::span(&value, 1)));
  } while (value >= limit);  // Rejection keeps the result uniform.
  return value % bound;
}

std::string Random::hex(std::size_t bytes) {
  std::vector<std::byte> buffer(bytes);
  fill(buffer);
  return to_hex(buffer);
}

void SeededRandom::fill(std::span<std::byte> out) {
  const std::lock_guard lock(mutex_);
  while (!out.empty()) {
    const std::uint64_t value = engine_();
    const std::size_t size = std::min(out.size(), sizeof value);
    std::memcpy(out.data(), &value, size);
    out = out.subspan(size);
  }
}

}  // namespace acquit::base

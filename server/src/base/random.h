// Random bytes and new identifiers, injected so that tests repeat themselves.
//
// OsRandom is fit for keys; SeededRandom is not and exists for tests and simulations. Both are safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>

namespace acquit::base {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> out) = 0;

  /// A uniform number below `bound` (> 0).
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);
  /// `bytes` random bytes as lower-case hex, two characters each.
  [[nodiscard]] std::string hex(std::size_t bytes);
};

/// The kernel's generator (getrandom). Throws only if the kernel has none.
class OsRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::byte> out) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace acquit::base

// AcsFaults: what is to go wrong at the simulated issuer, one queue of orders for each step of an authentication.
//
// Safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sandbox/acquirer/faults.h"

namespace acquit::sandbox {

enum class AcsStep : std::uint8_t {
  areq,       ///< The answer to an AReq.
  challenge,  ///< A page of the challenge: the first one, or the one after a button was pressed.
  rreq,       ///< The result of a challenge on its way to the 3DS Server, with all its repetitions.
};

[[nodiscard]] std::string_view to_string(AcsStep step);
[[nodiscard]] std::span<const AcsStep> all_steps();
/// Where that can go wrong; first the step that is meant if none is named. An answer can't come twice, a result can.
[[nodiscard]] std::span<const AcsStep> steps_of(FaultKind kind);

class AcsFaults {
 public:
  /// The next `count` messages of that step meet this fault, after earlier orders.
  void order(AcsStep step, FaultKind kind, std::size_t count) { of(step).order(kind, count); }
  [[nodiscard]] std::optional<FaultKind> take(AcsStep step) { return of(step).take(); }
  [[nodiscard]] std::vector<FaultsLeft> pending(AcsStep step) const {
    return by_step_[static_cast<std::size_t>(step)].pending();
  }
  void clear() {
    for (Faults& faults : by_step_) faults.clear();
  }

 private:
  Faults& of(AcsStep step) { return by_step_[static_cast<std::size_t>(step)]; }

  std::array<Faults, 3> by_step_;
};

}  // namespace acquit::sandbox

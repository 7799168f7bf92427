// FaultOrder: which simulated party is to misbehave, how, where and how often; read from JSON or from a web form. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sandbox/acquirer/faults.h"
#include "sandbox/threeds/acs_faults.h"

namespace acquit::sandbox {

enum class FaultTarget : std::uint8_t { acquirer, acs, shop, smtp };

struct FaultOrder {
  FaultTarget target = FaultTarget::acquirer;
  FaultKind kind = FaultKind::silent;
  std::optional<AcsStep> step = {};  ///< Of acs, and always there; the others have no steps.
  std::size_t count = 1;
  std::string code = {};  ///< Of the kind `code`: two characters.

  friend bool operator==(const FaultOrder&, const FaultOrder&) = default;
};

[[nodiscard]] std::string_view to_string(FaultTarget target);
[[nodiscard]] std::span<const FaultTarget> all_targets();
/// What a target can do wrong: something for each, and more for the acquirer.
[[nodiscard]] std::span<const FaultKind> all_kinds();
[[nodiscard]] std::span<const FaultKind> kinds_of(FaultTarget target);

/// {"target":"acs","kind":"silent","step":"rreq","count":1}; without a step acs gets the first of steps_of(kind), and
/// count is 1 if absent. {"target":"acquirer","kind":"code","code":"51"} names the code, and no other kind has one.
/// Errors: body_malformed, field_missing, field_value with the allowed values in `detail`.
[[nodiscard]] base::Result<FaultOrder> parse_fault_json(std::string_view body);
/// The same from target=…&kind=…&step=…&count=…; an empty step or count counts as absent.
[[nodiscard]] base::Result<FaultOrder> parse_fault_form(std::string_view body);

}  // namespace acquit::sandbox

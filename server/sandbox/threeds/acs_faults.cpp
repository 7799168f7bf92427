#include "sandbox/threeds/acs_faults.h"

namespace acquit::sandbox {
namespace {

constexpr std::array kSteps = {AcsStep::areq, AcsStep::challenge, AcsStep::rreq};
constexpr std::array kStepsOfDuplicate = {AcsStep::rreq};

}  // namespace

std::string_view to_string(AcsStep step) {
  switch (step) {
    case AcsStep::areq: return "areq";
    case AcsStep::challenge: return "challenge";
    case AcsStep::rreq: return "rreq";
  }
  return "";
}

std::span<const AcsStep> all_steps() { return kSteps; }

std::span<const AcsStep> steps_of(FaultKind kind) {
  if (kind == FaultKind::duplicate) return kStepsOfDuplicate;
  return kSteps;
}

}  // namespace acquit::sandbox

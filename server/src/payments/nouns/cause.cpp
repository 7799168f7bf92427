#include "payments/nouns/cause.h"

#include <algorithm>

namespace acquit::payments {

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::blocked_card: return "blocked_card";
    case Cause::authentication_failed: return "authentication_failed";
    case Cause::authentication_rejected: return "authentication_rejected";
    case Cause::authentication_impossible: return "authentication_impossible";
    case Cause::authentication_cancelled: return "authentication_cancelled";
    case Cause::session_expired: return "session_expired";
    case Cause::first_instalment_refused: return "first_instalment_refused";
  }
  return "";
}

std::optional<Cause> parse_cause(std::string_view text) {
  const auto* found = std::ranges::find(kCauses, text, [](Cause cause) { return to_string(cause); });
  return found == kCauses.end() ? std::nullopt : std::optional(*found);
}

}  // namespace acquit::payments

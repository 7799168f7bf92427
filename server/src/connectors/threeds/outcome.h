// Outcome: what an authentication means for the payment, and who bears the loss of a fraud (liability shift).
//
// One table: status and scheme give the outcome, the usual ECI and the guarantee. Pure; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/threeds/authentication.h"

namespace acquit::threeds {

/// CB cards carry the indicators of the international scheme beside them. private_label: a card of a shop or a lender.
enum class Scheme : std::uint8_t { cb, visa, mastercard, maestro, amex, jcb, diners, private_label };

enum class Outcome : std::uint8_t {
  authenticated,  ///< The issuer is sure of the buyer.
  attempted,      ///< The issuer can't authenticate but gives a proof of the attempt.
  not_possible,   ///< A technical failure on their side; the payment may go on without guarantee.
  failed,         ///< The buyer did not prove who he is: stop.
  rejected,       ///< The issuer forbids to ask for an authorisation: stop.
  challenge,      ///< The buyer has to act.
  informational,  ///< Data only, as asked for; no guarantee.
};

struct Verdict {
  Outcome outcome = Outcome::not_possible;
  std::string eci;               ///< For the authorisation: theirs, or the scheme's usual one.
  bool liability_shift = false;  ///< The issuer bears the loss.
  bool may_authorise = false;
};

/// What was said of a payment. Texts are empty where nothing was.
struct Evidence {
  TransStatus status = TransStatus::unavailable;
  std::string_view eci;
  std::string_view cavv;  ///< authenticationValue: without one of plausible form nothing is guaranteed.
};
/// What that means. `exemption_granted`: we asked for no challenge and got none, so the merchant keeps the risk.
[[nodiscard]] Verdict judge(const Evidence& evidence, Scheme scheme, bool exemption_granted);

/// 28 characters of base64, as the specification wants, whose bytes are not all the same: who computes one gets no such
/// thing.
[[nodiscard]] bool is_plausible_proof(std::string_view cavv);

/// True if the merchant asked to do without a challenge (no_challenge and the 2.2.0 exemptions).
[[nodiscard]] bool asks_exemption(ChallengePreference preference);

}  // namespace acquit::threeds

#include "connectors/threeds/outcome.h"

#include <algorithm>

#include "base/base64.h"

namespace acquit::threeds {
namespace {

struct OutcomeRow {
  TransStatus status;
  Outcome outcome;
  std::string_view eci;             ///< Visa, Amex, JCB, Diners.
  std::string_view mastercard_eci;  ///< Mastercard, Maestro.
  bool guaranteed;
  bool may_authorise;
};

// paybox.md §5.5; the guarantee also needs an ECI that the scheme guarantees.
constexpr OutcomeRow kRows[] = {
    {TransStatus::authenticated, Outcome::authenticated, "05", "02", true, true},
    {TransStatus::attempted, Outcome::attempted, "06", "01", true, true},
    {TransStatus::unavailable, Outcome::not_possible, "07", "00", false, true},
    {TransStatus::not_authenticated, Outcome::failed, "07", "00", false, false},
    {TransStatus::rejected, Outcome::rejected, "07", "00", false, false},
    {TransStatus::challenge, Outcome::challenge, "", "", false, false},
    // We never ask for decoupled authentication; an issuer that insists can't be waited for.
    {TransStatus::decoupled, Outcome::not_possible, "07", "00", false, true},
    {TransStatus::informational, Outcome::informational, "07", "06", false, true},
};

bool uses_mastercard_values(Scheme scheme) { return scheme == Scheme::mastercard || scheme == Scheme::maestro; }

// American Express, JCB and private cards leave the risk with the merchant (paybox.md §5.4).
bool ever_guarantees(Scheme scheme) {
  return scheme != Scheme::amex && scheme != Scheme::jcb && scheme != Scheme::private_label;
}

bool guarantees(Scheme scheme, std::string_view eci) {
  if (!ever_guarantees(scheme)) return false;
  const bool visa_like = eci == "05" || eci == "06";
  const bool mastercard_like = eci == "02" || eci == "01";
  if (scheme == Scheme::cb) return visa_like || mastercard_like;
  return uses_mastercard_values(scheme) ? mastercard_like : visa_like;
}

}  // namespace

Verdict judge(const Evidence& evidence, Scheme scheme, bool exemption_granted) {
  const auto* row = std::ranges::find(kRows, evidence.status, &OutcomeRow::status);
  if (row == std::end(kRows)) return {};
  const std::string_view usual = uses_mastercard_values(scheme) ? row->mastercard_eci : row->eci;
  const std::string_view used = evidence.eci.empty() ? usual : evidence.eci;
  return {.outcome = row->outcome,
          .eci = std::string(used),
          .liability_shift =
              row->guaranteed && guarantees(scheme, used) && is_plausible_proof(evidence.cavv) && !exemption_granted,
          .may_authorise = row->may_authorise};
}

bool is_plausible_proof(std::string_view cavv) {
  constexpr std::size_t kCharacters = 28;
  const auto bytes = base::from_base64(cavv);
  return bytes && cavv.size() == kCharacters && bytes->find_first_not_of(bytes->front()) != std::string::npos;
}

bool asks_exemption(ChallengePreference preference) {
  switch (preference) {
    case ChallengePreference::no_challenge:
    case ChallengePreference::risk_analysis_done:
    case ChallengePreference::data_only:
    case ChallengePreference::already_authenticated:
    case ChallengePreference::allow_listed: return true;
    case ChallengePreference::unspecified:
    case ChallengePreference::no_preference:
    case ChallengePreference::challenge_wished:
    case ChallengePreference::challenge_mandated:
    case ChallengePreference::allow_listing_wished: return false;
  }
  return false;
}

}  // namespace acquit::threeds

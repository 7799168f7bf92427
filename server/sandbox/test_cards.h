// The sandbox's test cards: number, what 3-D Secure does with it, what the bank does with it, and words for people.
//
// The one list behind the issuer, the directory server, the pay page's hints and the docs. Cards that are not in it are
// not enrolled. Constants; safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace acquit::sandbox {

enum class CardBrand : std::uint8_t { visa, visa_electron, mastercard, maestro, amex };

/// What the directory server and the issuer's access control server do.
enum class ThreeDsBehaviour : std::uint8_t {
  frictionless,       ///< Authenticated without the buyer; a challenge only if the merchant wants one.
  challenge,          ///< Asks for a code, unless the merchant asks for none and the amount is small.
  challenge_method,   ///< The same, after a 3DS Method call.
  challenge_refused,  ///< Asks for a code and accepts none.
  challenge_timeout,  ///< Asks for a code and gives up waiting.
  attempt,            ///< Can't authenticate, gives a proof of the attempt.
  unavailable,        ///< Technical failure at the issuer.
  only_if_mandated,   ///< The same, unless the merchant insists on a challenge (indicator 04).
  rejected,           ///< The issuer forbids the payment.
  not_enrolled,       ///< In no card range.
};

/// What the acquirer and issuer do with the authorisation.
enum class BankBehaviour : std::uint8_t {
  accept,
  refuse,
  refuse_amounts,  ///< Accepts verifications of amount zero, refuses payments.
  soft_decline,    ///< Wants an authentication (A1) unless there is a proof of one; then accepts.
};

struct CardScenario {
  std::string_view number;
  CardBrand brand;
  ThreeDsBehaviour three_ds;
  BankBehaviour bank;
  std::string_view text_fr;
  std::string_view text_en;
};

namespace impl {

using enum CardBrand;
using Secure = ThreeDsBehaviour;
using Bank = BankBehaviour;

inline constexpr std::string_view kChallengeFr = "Authentification avec code, paiement accepté";
inline constexpr std::string_view kChallengeEn = "Authentication with a code, payment accepted";
inline constexpr std::string_view kFrictionlessFr = "Authentification sans interaction, paiement accepté";
inline constexpr std::string_view kFrictionlessEn = "Authentication without interaction, payment accepted";
inline constexpr std::string_view kBankFr = "Authentification sans interaction, paiement refusé par la banque";
inline constexpr std::string_view kBankEn = "Authentication without interaction, payment refused by the bank";
inline constexpr std::string_view kFailedFr = "Authentification avec code, toujours refusée";
inline constexpr std::string_view kFailedEn = "Authentication with a code, always refused";
inline constexpr std::string_view kMethodFr = "Authentification avec 3DS Method et code, paiement accepté";
inline constexpr std::string_view kMethodEn = "Authentication with 3DS Method and code, payment accepted";
inline constexpr std::string_view kTimeoutFr = "Authentification avec code, délai dépassé";
inline constexpr std::string_view kTimeoutEn = "Authentication with a code, time-out";

inline constexpr CardScenario kCards[] = {
    // The production-key table (lyra.md §5.3): rows 1 and 2 are accepted, rows 3 and 4 refused.
    {"4970100000000014", visa, Secure::challenge, Bank::accept, kChallengeFr, kChallengeEn},
    {"5970100300000018", mastercard, Secure::challenge, Bank::accept, kChallengeFr, kChallengeEn},
    {"5000550000000029", maestro, Secure::challenge, Bank::accept, kChallengeFr, kChallengeEn},
    {"4917480000000008", visa_electron, Secure::challenge, Bank::accept, kChallengeFr, kChallengeEn},
    {"4970100000000055", visa, Secure::frictionless, Bank::accept, kFrictionlessFr, kFrictionlessEn},
    {"5970100300000067", mastercard, Secure::frictionless, Bank::accept, kFrictionlessFr, kFrictionlessEn},
    {"5000550000000052", maestro, Secure::frictionless, Bank::accept, kFrictionlessFr, kFrictionlessEn},
    {"4917480000000057", visa_electron, Secure::frictionless, Bank::accept, kFrictionlessFr, kFrictionlessEn},
    {"4970100000000063", visa, Secure::frictionless, Bank::refuse, kBankFr, kBankEn},
    {"5970100300000075", mastercard, Secure::frictionless, Bank::refuse, kBankFr, kBankEn},
    {"5000550000000060", maestro, Secure::frictionless, Bank::refuse, kBankFr, kBankEn},
    {"4917480000000065", visa_electron, Secure::frictionless, Bank::refuse, kBankFr, kBankEn},
    {"4970100000000071", visa, Secure::challenge_refused, Bank::refuse, kFailedFr, kFailedEn},
    {"5970100300000083", mastercard, Secure::challenge_refused, Bank::refuse, kFailedFr, kFailedEn},
    {"5000550000000078", maestro, Secure::challenge_refused, Bank::refuse, kFailedFr, kFailedEn},
    {"4917480000000073", visa_electron, Secure::challenge_refused, Bank::refuse, kFailedFr, kFailedEn},

    // The public test cards (lyra.md §5.1). The old numbers of that table that fail the Luhn check are left out.
    {"4970100000000113", visa, Secure::frictionless, Bank::refuse, kBankFr, kBankEn},
    {"4970110000001003", visa, Secure::challenge_method, Bank::accept, kMethodFr, kMethodEn},
    {"5100010000000106", mastercard, Secure::challenge_method, Bank::accept, kMethodFr, kMethodEn},
    {"375900000010015", amex, Secure::challenge_method, Bank::accept, kMethodFr, kMethodEn},
    {"4970110000000021", visa, Secure::challenge_timeout, Bank::accept, kTimeoutFr, kTimeoutEn},
    {"5100010000000049", mastercard, Secure::challenge_timeout, Bank::accept, kTimeoutFr, kTimeoutEn},
    {"375900000000016", amex, Secure::challenge_timeout, Bank::accept, kTimeoutFr, kTimeoutEn},
    {"4970110000000401", visa, Secure::rejected, Bank::refuse, "Authentification rejetée par l'émetteur",
     "Authentication rejected by the issuer"},
    {"4970110000000039", visa, Secure::challenge, Bank::refuse,
     "Authentification avec code, puis paiement refusé par la banque",
     "Authentication with a code, then payment refused by the bank"},
    {"4051700000003926", visa, Secure::frictionless, Bank::accept, "Contrats en yens : paiement accepté",
     "Contracts in yen: payment accepted"},
    {"4515450000004140", visa, Secure::frictionless, Bank::accept, "Contrats en dinars koweïtiens : paiement accepté",
     "Contracts in Kuwaiti dinars: payment accepted"},
    {"4970101000001002", visa, Secure::frictionless, Bank::refuse_amounts,
     "Création d'alias acceptée, paiements refusés", "Alias created, payments refused"},

    // Our own, for what those tables lack.
    {"4970110000000500", visa, Secure::attempt, Bank::accept, "Tentative d'authentification avec preuve, acceptée",
     "Attempted authentication with proof, accepted"},
    {"4970110000000609", visa, Secure::unavailable, Bank::accept, "Authentification indisponible, paiement accepté",
     "Authentication not available, payment accepted"},
    {"4970110000000708", visa, Secure::not_enrolled, Bank::accept, "Carte non enrôlée, paiement accepté",
     "Card not enrolled, payment accepted"},
    {"4970110000000914", visa, Secure::only_if_mandated, Bank::soft_decline,
     "Refus doux : la banque exige une authentification forte, puis accepte",
     "Soft decline: the bank insists on strong authentication, then accepts"},

    // The pre-production cards of Paybox (paybox.md §6) that pass the Luhn check and belong to a scheme.
    {"4012001037141112", visa, Secure::frictionless, Bank::accept, kFrictionlessFr, kFrictionlessEn},
    {"4012001038443335", visa, Secure::not_enrolled, Bank::accept, "Carte non enrôlée, paiement accepté",
     "Card not enrolled, payment accepted"},
    {"5200000000000007", mastercard, Secure::challenge, Bank::accept, kChallengeFr, kChallengeEn},
};

}  // namespace impl

[[nodiscard]] constexpr std::span<const CardScenario> card_scenarios() { return impl::kCards; }

/// The card of that number, or null.
[[nodiscard]] constexpr const CardScenario* find_card_scenario(std::string_view number) {
  for (const CardScenario& card : impl::kCards) {
    if (card.number == number) return &card;
  }
  return nullptr;
}

/// The code that the sandbox's challenge page accepts.
inline constexpr std::string_view kChallengeCode = "123456";

}  // namespace acquit::sandbox

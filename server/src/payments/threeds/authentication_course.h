// The course of an authentication: what follows from what the issuer, the directory and the acquirer say. Between the
// steps that authenticate.h offers.
//
// Free functions; what each commits, it commits with the step of the authentication's row that it is guarded by.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "payments/threeds/authenticate.h"

namespace acquit::payments {

/// An authentication with all that asking its issuer takes.
struct Authenticating : PaymentPart {
  Authentication authentication;
  platform::OpenedCard card;
};

/// An authentication that goes on, and the state of its row that this is guarded by, unless the row stays as it is: a
/// page that is sent twice goes on once.
struct Going {
  Authentication authentication;
  std::optional<AuthenticationState> before{};
};

/// "shop.authentication.sealed code"; the code can be opened only for this step of this authentication.
[[nodiscard]] std::string make_token(const Services& services, AuthenticationState step,
                                     const Authentication& authentication, const base::SecurityCode& code);
[[nodiscard]] base::Result<base::SecurityCode> open_token(const Services& services, AuthenticationState step,
                                                          const AuthenticationId& id, std::string_view token);

[[nodiscard]] AuthenticationStep done(StepResult result);
[[nodiscard]] AuthenticationStep method_step(const ThreeDs& threeds, const Authentication& authentication,
                                             std::string token);
[[nodiscard]] base::Result<AuthenticationStep> challenge_step(const Authentication& authentication, std::string token);

/// What failed for a reason of ours or the shop's says nothing about the card: such a payment is not sent on as if it
/// could not be authenticated, unless the shop takes that risk.
[[nodiscard]] bool must_stop(const base::Error& error, const merchants::Shop& shop);
/// A soft decline may lead to a challenge.
[[nodiscard]] bool can_step_up(const Authentication& authentication);
/// As the acquirer is asked for the money with it.
[[nodiscard]] CardEntry entry_of(const platform::OpenedCard& card, const Transaction& transaction,
                                 const base::SecurityCode& code);

/// Takes the row of an authentication on from `before`. Errors: wrong_state.
[[nodiscard]] base::Task<base::Result<void>> advance(const Services& services, const ThreeDs& threeds,
                                                     const Authentication& authentication, AuthenticationState before);
/// The authentication ended with a no: the attempt is refused without asking the acquirer.
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> decline(const Services& services, const ThreeDs& threeds,
                                                                   const merchants::ShopConfig& shop,
                                                                   const Going& going, Cause cause);
/// A soft decline is asked again after an authentication, now with a challenge; only once.
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> after_answer(
    const Services& services, const ThreeDs& threeds, const merchants::ShopConfig& shop,
    const threeds::Browser& browser, const base::SecurityCode& code, StepResult result);
/// Asks for the money.
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> go_on(const Services& services, const ThreeDs& threeds,
                                                                 const merchants::ShopConfig& shop, const Going& going,
                                                                 const CardEntry& card);
/// Status and ECI are known: authorise or refuse.
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> conclude(const Services& services, const ThreeDs& threeds,
                                                                    const merchants::ShopConfig& shop, Going going,
                                                                    const Transaction& transaction, bool exemption,
                                                                    const CardEntry& card);
/// AReq and what follows from its answer.
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> ask_issuer(const Services& services, const ThreeDs& threeds,
                                                                      const merchants::ShopConfig& shop,
                                                                      Authenticating asked,
                                                                      threeds::MethodCompletion method,
                                                                      const base::SecurityCode& code);

}  // namespace acquit::payments

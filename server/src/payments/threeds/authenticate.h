// authenticate: 3-D Secure between card entry and authorisation, step by step as the buyer's browser comes and goes.
//
// begin → (3DS Method) → AReq → frictionless end, or challenge → the results (RReq, the truth) → finish. Where no
// authentication can be had (card not enrolled, directory silent), the payment goes on without and without guarantee;
// where the fault is ours (a request that can't be built or sent), only if the shop chose so.
// The security code travels sealed in the step's token; only this platform opens it, and only for that step.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "connectors/threeds/three_ds_server.h"
#include "payments/bank/authorise.h"
#include "payments/checkout/attempt.h"
#include "payments/store/authentication_store.h"
#include "payments/store/services.h"
#include "payments/threeds/threeds_addresses.h"

namespace acquit::payments {

struct ThreeDs {
  threeds::ThreeDsServer& test;  ///< What is paid in TEST asks this one's directory, and none for real money.
  threeds::ThreeDsServer& production;
  const AuthenticationStore& store;
  ThreeDsAddresses addresses;  ///< Of this platform: browsers and banks come back to them.
  std::string requestor_id;    ///< Ours at the directory server.

  [[nodiscard]] threeds::ThreeDsServer& server(merchants::Mode mode) const {
    return mode == merchants::Mode::test ? test : production;
  }
};

/// What the browser has to do next, or what became of the payment.
struct AuthenticationStep {
  /// Post this form in an invisible frame, then come back with the token.
  struct Method {
    std::string url;
    std::string data;
  };
  std::optional<Method> method;
  std::optional<threeds::ChallengeForm> challenge;  ///< Send the buyer to the issuer.
  std::optional<StepResult> done;
  std::string token{};  ///< With method and challenge: proves the step; at most some 200 characters of an address.
};

/// What is known of a card before it is tried: whether, and how, its issuer can be asked who presents it.
struct PreparedAuthentication {
  enum class Way : std::uint8_t {
    ask_issuer,
    go_without,  ///< Not enrolled, or nobody could say.
    stop,        ///< Nobody could say, for a reason of ours: see must_stop.
  };
  Way way = Way::ask_issuer;
  threeds::MethodCompletion method = threeds::MethodCompletion::unavailable;  ///< As long as it has not run.
  Authentication authentication;  ///< Without payment and transaction, which do not count yet.
};

/// The three parts of a card's way through 3-D Secure: look it up; present it by begin_attempt with what
/// attempt_request() says, which takes the first step in the commit of the attempt; go on with that attempt.
[[nodiscard]] base::Task<PreparedAuthentication> prepare_authentication(const Services& services,
                                                                        const ThreeDs& threeds,
                                                                        const merchants::Shop& shop,
                                                                        merchants::Mode mode, base::Pan pan,
                                                                        const threeds::Browser& browser);
/// Borrows both for as long as it is used.
[[nodiscard]] AttemptRequest attempt_request(const ThreeDs& threeds, const PreparedAuthentication& prepared,
                                             CardEntry card);
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> authenticate_attempt(
    const Services& services, const ThreeDs& threeds, const merchants::ShopConfig& shop, StepResult attempt,
    const CardEntry& card, const PreparedAuthentication& prepared);

/// A transaction that is authenticating, fresh from begin_attempt or stepped up after a soft decline (`mandated`).
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> begin_authentication(
    const Services& services, const ThreeDs& threeds, const merchants::ShopConfig& shop, StepResult attempt,
    const threeds::Browser& browser, const base::SecurityCode& code, bool mandated);

/// What the browser has to do at the step that `token` once was given for: after a redirect, a reload or the way back.
/// Changes nothing. Where the results of a challenge are in already, the form leads back to ourselves. Errors:
/// wrong_state (it is over, or another card is tried), signature_mismatch (not a token of this payment).
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> show_step(const Services& services, const ThreeDs& threeds,
                                                                     const merchants::ShopConfig& shop,
                                                                     const PaymentId& payment,
                                                                     const std::string& token);

/// The buyer is back from the 3DS Method. Errors: wrong_state, signature_mismatch (a token of another step included).
[[nodiscard]] base::Task<base::Result<AuthenticationStep>> continue_after_method(const Services& services,
                                                                                 const ThreeDs& threeds,
                                                                                 const merchants::ShopConfig& shop,
                                                                                 const std::string& token,
                                                                                 bool completed);

struct FinishedChallenge {
  std::optional<PaymentId> payment;  ///< Whose challenge it was, as far as that could be found out.
  base::Result<AuthenticationStep> step;
};
/// The buyer is back from the challenge; `session` is what challenge_form was given. Decides by the stored results.
/// Errors: wrong_state (no challenge, or over), signature_mismatch (a token of another step included), not_found.
[[nodiscard]] base::Task<FinishedChallenge> finish_challenge(const Services& services, const ThreeDs& threeds,
                                                             const merchants::ShopConfig& shop,
                                                             const std::string& session);

/// The directory server brings the results of a challenge. Errors: not_found (no such challenge), field_value (not
/// those of this one: `field` says why); tell it so. A repetition is accepted.
[[nodiscard]] base::Task<base::Result<void>> record_results(const Services& services, const ThreeDs& threeds,
                                                            const AddressedResults& brought);

/// Shop and authentication that a token names, unproven; for routing only.
struct TokenNames {
  base::ShopId shop{0};
  AuthenticationId id;
};
[[nodiscard]] std::optional<TokenNames> names_in_token(std::string_view token);
/// The same, proven: nothing if the token is not one of a step of theirs, whichever that is.
[[nodiscard]] std::optional<TokenNames> read_step_token(const Services& services, std::string_view token);

}  // namespace acquit::payments

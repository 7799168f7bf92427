#include "payments/authenticate.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "connectors/threeds/outcome.h"
#include "payments/authentication_request.h"
#include "payments/events.h"

namespace acquit::payments {
namespace {

// payment errors of lyra.md §1.15.
constexpr int kRefusedByIssuer = 207;
constexpr int kAuthenticationFailed = 39;
constexpr int kAuthenticationNotPossible = 208;
constexpr int kAuthenticationCancelled = 222;

// challengeCancel 01: the buyer himself gave up.
constexpr std::string_view kCancelledByBuyer = "challenge_cancelled_01";

// What the buyer's browser is sent away for. A token is good for coming back from there and from nowhere else: who is
// back from the 3DS Method has not been authenticated.
std::string code_context(AuthenticationState step, const AuthenticationId& id) {
  return "security code during " + std::string(to_string(step)) + " " + id.hex();
}

// "shop.authentication.sealed code"; the code can be opened only for this step of this authentication.
std::string make_token(const Context& context, AuthenticationState step, const Authentication& authentication,
                       const base::SecurityCode& code) {
  const std::string sealed = context.vault.seal_text(code_context(step, authentication.id), code.reveal());
  return base::to_string(authentication.shop) + "." + authentication.id.hex() + "." +
         base::to_base64url(base::as_bytes(sealed));
}

base::Result<base::SecurityCode> open_token(const Context& context, AuthenticationState step,
                                            const AuthenticationId& id, std::string_view token) {
  const auto sealed = base::from_base64url(token.substr(token.rfind('.') + 1));
  if (!sealed) return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_TRY(std::string code, context.vault.open_text(code_context(step, id), *sealed));
  return base::SecurityCode(std::move(code));
}

AuthenticationStep done(AuthorisationResult result) {
  return {.method = std::nullopt, .challenge = std::nullopt, .done = std::move(result)};
}

// The authentication ended with a no: the attempt is refused without asking the acquirer.
base::Task<base::Result<AuthenticationStep>> decline(const Context& context, const merchants::ShopConfig& shop,
                                                     const Authentication& authentication, int payment_error) {
  ACQUIT_CO_TRY(Attempt refused,
                co_await context.database.write(Context::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<Attempt> {
                  ACQUIT_TRY(Locked locked,
                             context.store.lock_with_payment(tx, shop.shop.id, authentication.transaction));
                  Transaction& transaction = locked.transaction;
                  transaction.authentication = authentication.result;
                  transaction.payment_error = payment_error;
                  transaction.due_at = std::nullopt;
                  ACQUIT_CHECK(context.store.transition(tx, transaction,
                                                        {.event = Event::decline,
                                                         .actor = kActorBuyer,
                                                         .moved = base::Money(0, transaction.amount.currency()),
                                                         .detail = "authentication: " + authentication.result.status}));
                  return refuse_attempt(context, tx, shop, std::move(locked.payment), std::move(transaction));
                }));
  co_return done({.payment = std::move(refused.payment),
                  .transaction = std::move(refused.transaction),
                  .notification = std::move(refused.notification)});
}

// Asks for the money. A soft decline is asked again after an authentication, now with a challenge; only once.
base::Task<base::Result<AuthenticationStep>> go_on(const Context& context, const ThreeDs& threeds,
                                                   const merchants::ShopConfig& shop,
                                                   const Authentication& authentication,
                                                   const base::SecurityCode& code) {
  const bool can_step_up =
      !authentication.mandated && authentication.result.type != "CHALLENGE" && authentication.result.enrolled != "N";
  ACQUIT_CO_TRY(auto result, co_await authorise_authenticated(context, shop, authentication.transaction, code,
                                                              authentication.result, can_step_up));
  if (!result.step_up) co_return done(std::move(result));
  co_return co_await begin_authentication(context, threeds, shop,
                                          {.payment = std::move(result.payment),
                                           .transaction = std::move(result.transaction),
                                           .notification = std::nullopt},
                                          authentication.browser, code, /*mandated=*/true);
}

int error_of(threeds::Outcome outcome, const AuthenticationResult& result) {
  if (result.error == kCancelledByBuyer) return kAuthenticationCancelled;
  return outcome == threeds::Outcome::rejected ? kRefusedByIssuer : kAuthenticationFailed;
}

// Status and ECI are known: authorise or refuse.
base::Task<base::Result<AuthenticationStep>> conclude(const Context& context, const ThreeDs& threeds,
                                                      const merchants::ShopConfig& shop, Authentication authentication,
                                                      const Transaction& transaction, bool exemption,
                                                      const base::SecurityCode& code) {
  const AuthenticationResult& said = authentication.result;
  const threeds::Verdict verdict = threeds::judge({.status = status_of(said), .eci = said.eci, .cavv = said.cavv},
                                                  scheme_of(transaction.method), exemption);
  authentication.result.eci = verdict.eci;
  authentication.result.liability_shift = verdict.liability_shift;
  if (!verdict.may_authorise) {
    co_return co_await decline(context, shop, authentication, error_of(verdict.outcome, authentication.result));
  }
  // The acquirer has said that without a proof the answer is no.
  if (authentication.mandated && !authentication.result.has_proof()) {
    co_return co_await decline(context, shop, authentication, kAuthenticationNotPossible);
  }
  co_return co_await go_on(context, threeds, shop, authentication, code);
}

struct Loaded {
  Authentication authentication;
  Payment payment;
  Transaction transaction;
  platform::OpenedCard card;
};

base::Task<base::Result<Loaded>> load(const Context& context, const ThreeDs& threeds, const merchants::ShopConfig& shop,
                                      const AuthenticationId& id) {
  co_return co_await context.database.read([&](db::ReadTx& tx) -> base::Result<Loaded> {
    ACQUIT_TRY(auto authentication, threeds.store.find(tx, shop.shop.id, id));
    if (!authentication) return base::fail(base::ErrorCode::not_found, "no such authentication");
    ACQUIT_TRY(Transaction transaction, context.store.load_transaction(tx, shop.shop.id, authentication->transaction));
    ACQUIT_TRY(auto payment, context.store.find_payment(tx, shop.shop.id, authentication->payment));
    if (!payment) return base::fail(base::ErrorCode::not_found, "no such payment");
    ACQUIT_TRY(auto card, context.vault.open(tx, shop.shop.id, transaction.card_id));
    return Loaded{.authentication = *std::move(authentication),
                  .payment = *std::move(payment),
                  .transaction = std::move(transaction),
                  .card = std::move(card)};
  });
}

// The buyer is at the issuer's page, or the results of that are in. One that ended without a challenge proves nothing
// about a later one: after a soft decline its transaction is authenticating again.
bool was_challenged(const Authentication& authentication) {
  if (authentication.state == AuthenticationState::challenge) return true;
  return authentication.state == AuthenticationState::ended && authentication.result.type == "CHALLENGE";
}

// Results belong to the AReq that they name: the same parties, version and category. Ours are about payments.
base::Result<void> check_results(const Authentication& asked, const threeds::ChallengeResult& result) {
  const auto differs = [](std::string_view field) {
    return base::fail(base::ErrorCode::field_value, "The results are not those of this challenge.", std::string(field));
  };
  if (!threeds::same_id(asked.result.acs_transaction_id, result.acs_transaction_id)) {
    return base::fail(base::ErrorCode::not_found, "no such challenge", "acsTransID");
  }
  if (!threeds::same_id(asked.result.ds_transaction_id, result.ds_transaction_id)) {
    return base::fail(base::ErrorCode::not_found, "no such challenge", "dsTransID");
  }
  if (asked.version != result.version) return differs("messageVersion");
  if (result.category != "01") return differs("messageCategory");
  return {};
}

base::Task<base::Result<void>> advance(const Context& context, const ThreeDs& threeds,
                                       const Authentication& authentication, AuthenticationState before) {
  co_return co_await context.database.write(
      Context::lane(authentication.shop), [&](db::Tx& tx) { return threeds.store.update(tx, authentication, before); });
}

// What failed for a reason of ours or the shop's says nothing about the card: such a payment is not sent on as if it
// could not be authenticated, unless the shop takes that risk.
bool must_stop(const base::Error& error, const merchants::Shop& shop) {
  return threeds::is_our_fault(error) && !shop.pay_unauthenticated;
}

AuthenticationStep method_step(const ThreeDs& threeds, const Authentication& authentication, std::string token) {
  return {.method = AuthenticationStep::Method{.url = authentication.acs_url,
                                               .data = threeds::method_data(authentication.server_transaction_id,
                                                                            threeds.address("/3ds/method-done"))},
          .challenge = std::nullopt,
          .done = std::nullopt,
          .token = std::move(token)};
}

base::Result<AuthenticationStep> challenge_step(const Authentication& authentication, std::string token) {
  threeds::AuthenticationAnswer answer;
  answer.version = authentication.version;
  answer.server_transaction_id = authentication.server_transaction_id;
  answer.acs_transaction_id = authentication.result.acs_transaction_id;
  answer.status = threeds::TransStatus::challenge;
  answer.acs_url = authentication.acs_url;
  ACQUIT_TRY(auto form, threeds::challenge_form(answer, threeds::WindowSize::full, token));
  return AuthenticationStep{
      .method = std::nullopt, .challenge = std::move(form), .done = std::nullopt, .token = std::move(token)};
}

// The issuer's part is over: only our own answer to it is missing.
base::Result<AuthenticationStep> last_step(const ThreeDs& threeds, Authentication authentication, std::string token) {
  authentication.acs_url = threeds.address("/3ds/challenge-done");
  return challenge_step(authentication, std::move(token));
}

std::string results_url(const Context& context, const ThreeDs& threeds, const Authentication& authentication) {
  const std::string path = results_path(context.vault, authentication.shop, authentication.server_transaction_id);
  return threeds.address("/3ds/results/" + path);
}

// AReq and what follows from its answer.
base::Task<base::Result<AuthenticationStep>> ask_issuer(const Context& context, const ThreeDs& threeds,
                                                        const merchants::ShopConfig& shop, Loaded loaded,
                                                        threeds::MethodCompletion method,
                                                        const base::SecurityCode& code) {
  Authentication& authentication = loaded.authentication;
  const threeds::AuthenticationRequest request =
      authentication_request({.threeds = threeds,
                              .shop = shop,
                              .authentication = authentication,
                              .payment = loaded.payment,
                              .transaction = loaded.transaction,
                              .card = loaded.card,
                              .results_url = results_url(context, threeds, authentication),
                              .method = method,
                              .now = context.clock.now()});
  const auto answer = co_await threeds.server(loaded.payment.mode).authenticate(request);
  if (!answer) {
    base::log::failed("authenticate", answer.error(), {{"transaction", authentication.transaction.hex()}});
    authentication.result.status = "U";
    authentication.result.error = std::string(base::error_row(answer.error().code).token);
  } else {
    take_answer(authentication.result, *answer);
  }
  const bool challenge = answer && answer->status == threeds::TransStatus::challenge;
  authentication.state = challenge ? AuthenticationState::challenge : AuthenticationState::ended;
  authentication.acs_url = challenge ? answer->acs_url : std::string();
  // Guarded by the state: a page sent twice asks the issuer once more at most, and only one of the two goes on.
  ACQUIT_CO_CHECK(co_await advance(context, threeds, authentication, AuthenticationState::method));
  if (challenge) {
    co_return challenge_step(authentication, make_token(context, AuthenticationState::challenge, authentication, code));
  }
  if (!answer && must_stop(answer.error(), shop.shop)) {
    co_return co_await decline(context, shop, authentication, kAuthenticationNotPossible);
  }
  const bool exemption = threeds::asks_exemption(request.preference);
  co_return co_await conclude(context, threeds, shop, std::move(authentication), loaded.transaction, exemption, code);
}

}  // namespace

std::optional<TokenNames> names_in_token(std::string_view token) {
  const auto parts = base::split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto shop = base::parse_shop_id(parts[0]);
  const auto id = AuthenticationId::parse(parts[1]);
  if (!shop || !id) return std::nullopt;
  return TokenNames{.shop = *shop, .id = *id};
}

base::Task<base::Result<AuthenticationStep>> begin_authentication(const Context& context, const ThreeDs& threeds,
                                                                  const merchants::ShopConfig& shop, Attempt attempt,
                                                                  const threeds::Browser& browser,
                                                                  const base::SecurityCode& code, bool mandated) {
  Authentication authentication{.shop = shop.shop.id,
                                .id = AuthenticationId::make(context.clock, context.random),
                                .payment = attempt.payment.id,
                                .transaction = attempt.transaction.id,
                                .server_transaction_id = threeds::new_transaction_id(context.random),
                                .state = AuthenticationState::method,
                                .version = threeds::Version::v220,
                                .browser = browser,
                                .result = {},
                                .mandated = mandated,
                                .acs_url = {}};
  ACQUIT_CO_TRY(auto card, co_await context.database.read([&](db::ReadTx& tx) {
    return context.vault.open(tx, shop.shop.id, attempt.transaction.card_id);
  }));
  const auto enrolment = co_await threeds.server(attempt.payment.mode).find_enrolment(card.pan);
  if (!enrolment || !enrolment->enrolled) {
    if (!enrolment)
      base::log::failed("enrolment", enrolment.error(), {{"transaction", authentication.transaction.hex()}});
    authentication.result.enrolled = enrolment ? "N" : "U";
    const bool stop = mandated || (!enrolment && must_stop(enrolment.error(), shop.shop));
    if (stop) co_return co_await decline(context, shop, authentication, kAuthenticationNotPossible);
    co_return co_await go_on(context, threeds, shop, authentication, code);
  }
  authentication.version = enrolment->version;
  authentication.result.enrolled = "Y";
  authentication.result.server_transaction_id = authentication.server_transaction_id;
  authentication.result.version = std::string(threeds::to_string(enrolment->version));
  const bool run_method = !enrolment->method_url.empty() && browser.javascript;
  if (run_method) authentication.acs_url = enrolment->method_url;
  ACQUIT_CO_CHECK(co_await context.database.write(Context::lane(shop.shop.id),
                                                  [&](db::Tx& tx) { return threeds.store.add(tx, authentication); }));
  if (run_method) {
    co_return method_step(threeds, authentication,
                          make_token(context, AuthenticationState::method, authentication, code));
  }
  Loaded loaded{.authentication = std::move(authentication),
                .payment = std::move(attempt.payment),
                .transaction = std::move(attempt.transaction),
                .card = std::move(card)};
  const auto method =
      enrolment->method_url.empty() ? threeds::MethodCompletion::unavailable : threeds::MethodCompletion::not_completed;
  co_return co_await ask_issuer(context, threeds, shop, std::move(loaded), method, code);
}

base::Task<base::Result<AuthenticationStep>> show_step(const Context& context, const ThreeDs& threeds,
                                                       const merchants::ShopConfig& shop, const PaymentId& payment,
                                                       const std::string& token) {
  const auto names = names_in_token(token);
  if (!names || names->shop != shop.shop.id)
    co_return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_CO_TRY(const Loaded loaded, co_await load(context, threeds, shop, names->id));
  const Authentication& authentication = loaded.authentication;
  if (authentication.payment != payment)
    co_return base::fail(base::ErrorCode::signature_mismatch, "a token of another payment");
  const auto opened = [&](AuthenticationState step) { return open_token(context, step, names->id, token); };
  const auto before = opened(AuthenticationState::method);
  const auto code = before ? before : opened(AuthenticationState::challenge);
  if (!code) co_return std::unexpected(code.error());
  if (loaded.transaction.state != State::authenticating)
    co_return base::fail(base::ErrorCode::wrong_state, "the authentication is over");
  if (authentication.state == AuthenticationState::method) co_return method_step(threeds, authentication, token);
  if (!was_challenged(authentication))
    co_return base::fail(base::ErrorCode::wrong_state, "the authentication went on meanwhile");
  // Back at the 3DS Method's page after the issuer asked for a challenge: that is where it goes on. The code is sealed
  // anew, since a token of the step before ends no challenge.
  std::string now = before ? make_token(context, AuthenticationState::challenge, authentication, *code) : token;
  if (authentication.state == AuthenticationState::challenge) co_return challenge_step(authentication, std::move(now));
  co_return last_step(threeds, authentication, std::move(now));
}

base::Task<base::Result<AuthenticationStep>> continue_after_method(const Context& context, const ThreeDs& threeds,
                                                                   const merchants::ShopConfig& shop,
                                                                   const std::string& token, bool completed) {
  const auto names = names_in_token(token);
  if (!names || names->shop != shop.shop.id)
    co_return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_CO_TRY(const base::SecurityCode code, open_token(context, AuthenticationState::method, names->id, token));
  ACQUIT_CO_TRY(Loaded loaded, co_await load(context, threeds, shop, names->id));
  if (loaded.authentication.state != AuthenticationState::method || loaded.transaction.state != State::authenticating) {
    co_return base::fail(base::ErrorCode::wrong_state, "the authentication went on meanwhile");
  }
  const auto method = completed ? threeds::MethodCompletion::completed : threeds::MethodCompletion::not_completed;
  co_return co_await ask_issuer(context, threeds, shop, std::move(loaded), method, code);
}

base::Task<base::Result<AuthenticationStep>> finish_challenge(const Context& context, const ThreeDs& threeds,
                                                              const merchants::ShopConfig& shop,
                                                              const std::string& session) {
  const auto names = names_in_token(session);
  if (!names || names->shop != shop.shop.id)
    co_return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_CO_TRY(const base::SecurityCode code, open_token(context, AuthenticationState::challenge, names->id, session));
  ACQUIT_CO_TRY(Loaded loaded, co_await load(context, threeds, shop, names->id));
  if (loaded.transaction.state != State::authenticating || !was_challenged(loaded.authentication)) {
    co_return base::fail(base::ErrorCode::wrong_state, "the authentication went on meanwhile");
  }
  if (loaded.authentication.state == AuthenticationState::challenge) {
    // The browser is back but the issuer told us nothing: without the results there is no proof.
    loaded.authentication.result.status = "N";
    loaded.authentication.result.error = "no_results";
  }
  co_return co_await conclude(context, threeds, shop, std::move(loaded.authentication), loaded.transaction,
                              /*exemption=*/false, code);
}

base::Task<base::Result<void>> record_results(const Context& context, const ThreeDs& threeds,
                                              const ResultsAddress& address, const threeds::ChallengeResult& result) {
  const std::string id = base::ascii_lower(result.server_transaction_id);
  if (!is_results_address(context.vault, address, id)) {
    co_return base::fail(base::ErrorCode::not_permitted,
                         "the results came to an address that was not given out for them");
  }
  ACQUIT_CO_TRY(auto found, co_await context.database.read(
                                [&](db::ReadTx& tx) { return threeds.store.find_by_server_id(tx, address.shop, id); }));
  if (!found || !was_challenged(*found)) {
    co_return base::fail(base::ErrorCode::not_found, "no such challenge", "threeDSServerTransID");
  }
  ACQUIT_CO_CHECK(check_results(*found, result));
  if (found->state == AuthenticationState::ended) co_return base::Result<void>{};
  Authentication authentication = *std::move(found);
  take_results(authentication.result, result);
  authentication.state = AuthenticationState::ended;
  authentication.acs_url.clear();
  co_return co_await advance(context, threeds, authentication, AuthenticationState::challenge);
}

}  // namespace acquit::payments

#include "payments/threeds/authentication_course.h"

#include "base/base64.h"
#include "base/bytes.h"
#include "base/log.h"
#include "connectors/threeds/outcome.h"
#include "payments/nouns/cause.h"
#include "payments/threeds/authentication_request.h"

namespace acquit::payments {
namespace {

// What the buyer's browser is sent away for. A token is good for coming back from there and from nowhere else: who is
// back from the 3DS Method has not been authenticated.
std::string code_context(AuthenticationState step, const AuthenticationId& id) {
  return "security code during " + std::string(to_string(step)) + " " + id.hex();
}

// challengeCancel 01: the buyer himself gave up.
constexpr std::string_view kCancelledByBuyer = "challenge_cancelled_01";

base::Result<void> write_row(db::Tx& tx, const ThreeDs& threeds, const Going& going) {
  if (!going.before) return {};
  return threeds.store.update(tx, going.authentication, *going.before);
}

Cause cause_of(threeds::Outcome outcome, const AuthenticationResult& result) {
  if (result.error == kCancelledByBuyer) return Cause::authentication_cancelled;
  return outcome == threeds::Outcome::rejected ? Cause::authentication_rejected : Cause::authentication_failed;
}

}  // namespace

std::string make_token(const Services& services, AuthenticationState step, const Authentication& authentication,
                       const base::SecurityCode& code) {
  const std::string sealed = services.vault.seal_text(code_context(step, authentication.id), code.reveal());
  return base::to_string(authentication.shop) + "." + authentication.id.hex() + "." +
         base::to_base64url(base::as_bytes(sealed));
}

base::Result<base::SecurityCode> open_token(const Services& services, AuthenticationState step,
                                            const AuthenticationId& id, std::string_view token) {
  const auto sealed = base::from_base64url(token.substr(token.rfind('.') + 1));
  if (!sealed) return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_TRY(std::string code, services.vault.open_text(code_context(step, id), *sealed));
  return base::SecurityCode(std::move(code));
}

AuthenticationStep done(StepResult result) {
  return {.method = std::nullopt, .challenge = std::nullopt, .done = std::move(result)};
}

base::Task<base::Result<AuthenticationStep>> decline(const Services& services, const ThreeDs& threeds,
                                                     const merchants::ShopConfig& shop, const Going& going,
                                                     Cause cause) {
  const Authentication& authentication = going.authentication;
  const TransactionId id = authentication.transaction;
  ACQUIT_CO_TRY(
      StepResult refused,
      co_await services.database.write(Services::lane(shop.shop.id), [&](db::Tx& tx) -> base::Result<StepResult> {
        PaymentStore::Locking locking = services.store.ask_lock(tx, shop.shop.id, id);
        ACQUIT_CHECK(write_row(tx, threeds, going));
        ACQUIT_TRY(PaymentPart locked, locking.locked());
        Transaction& transaction = locked.transaction;
        if (transaction.state != State::authenticating) {
          return base::fail(base::ErrorCode::wrong_state, "the payment is no longer being authenticated");
        }
        transaction.authentication = authentication.result;
        transaction.cause = cause;
        transaction.due.at = std::nullopt;
        ACQUIT_CHECK(services.store.transition(tx, transaction,
                                               {.event = Event::decline,
                                                .actor = base::Actor::buyer(),
                                                .moved = base::Money::zero(transaction.amount.currency()),
                                                .detail = "authentication: " + authentication.result.status}));
        return refuse_attempt(services, tx, shop, std::move(locked));
      }));
  co_return done(std::move(refused));
}

bool can_step_up(const Authentication& authentication) {
  return !authentication.mandated && authentication.result.type != "CHALLENGE" && authentication.result.enrolled != "N";
}

base::Task<base::Result<AuthenticationStep>> after_answer(const Services& services, const ThreeDs& threeds,
                                                          const merchants::ShopConfig& shop,
                                                          const threeds::Browser& browser,
                                                          const base::SecurityCode& code, StepResult result) {
  if (!result.step_up) co_return done(std::move(result));
  co_return co_await begin_authentication(services, threeds, shop,
                                          {{std::move(result.payment), std::move(result.transaction)}}, browser, code,
                                          /*mandated=*/true);
}

base::Task<base::Result<AuthenticationStep>> go_on(const Services& services, const ThreeDs& threeds,
                                                   const merchants::ShopConfig& shop, const Going& going,
                                                   const CardEntry& card) {
  const Authentication& authentication = going.authentication;
  const Authenticated asked{.transaction = authentication.transaction,
                            .card = card,
                            .result = authentication.result,
                            .can_authenticate = can_step_up(authentication),
                            .also = [&](db::Tx& tx) { return write_row(tx, threeds, going); }};
  ACQUIT_CO_TRY(auto result, co_await authorise_authenticated(services, shop, asked));
  co_return co_await after_answer(services, threeds, shop, authentication.browser, card.security_code,
                                  std::move(result));
}

base::Task<base::Result<AuthenticationStep>> conclude(const Services& services, const ThreeDs& threeds,
                                                      const merchants::ShopConfig& shop, Going going,
                                                      const Transaction& transaction, bool exemption,
                                                      const CardEntry& card) {
  Authentication& authentication = going.authentication;
  const AuthenticationResult& said = authentication.result;
  const threeds::Verdict verdict = threeds::judge({.status = status_of(said), .eci = said.eci, .cavv = said.cavv},
                                                  scheme_of(transaction.method), exemption);
  authentication.result.eci = verdict.eci;
  authentication.result.liability_shift = verdict.liability_shift;
  if (!verdict.may_authorise) {
    co_return co_await decline(services, threeds, shop, going, cause_of(verdict.outcome, authentication.result));
  }
  // The acquirer has said that without a proof the answer is no.
  if (authentication.mandated && !authentication.result.has_proof()) {
    co_return co_await decline(services, threeds, shop, going, Cause::authentication_impossible);
  }
  co_return co_await go_on(services, threeds, shop, going, card);
}

CardEntry entry_of(const platform::OpenedCard& card, const Transaction& transaction, const base::SecurityCode& code) {
  return {.pan = card.pan,
          .expiry_year = card.expiry_year,
          .expiry_month = card.expiry_month,
          .security_code = code,
          .holder = transaction.card.holder,
          .method = transaction.method};
}

base::Task<base::Result<void>> advance(const Services& services, const ThreeDs& threeds,
                                       const Authentication& authentication, AuthenticationState before) {
  co_return co_await services.database.write(Services::lane(authentication.shop), [&](db::Tx& tx) {
    return threeds.store.update(tx, authentication, before);
  });
}

// What failed for a reason of ours or the shop's says nothing about the card: such a payment is not sent on as if it
// could not be authenticated, unless the shop takes that risk.
bool must_stop(const base::Error& error, const merchants::Shop& shop) {
  return threeds::is_our_fault(error) && !shop.pay_unauthenticated;
}

AuthenticationStep method_step(const ThreeDs& threeds, const Authentication& authentication, std::string token) {
  return {.method = AuthenticationStep::Method{.url = authentication.acs_url,
                                               .data = threeds::method_data(authentication.server_transaction_id,
                                                                            threeds.addresses.method_done)},
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

base::Task<base::Result<AuthenticationStep>> ask_issuer(const Services& services, const ThreeDs& threeds,
                                                        const merchants::ShopConfig& shop, Authenticating asked,
                                                        threeds::MethodCompletion method,
                                                        const base::SecurityCode& code) {
  Authentication& authentication = asked.authentication;
  const threeds::AuthenticationRequest request =
      authentication_request({.threeds = threeds,
                              .shop = shop,
                              .authentication = authentication,
                              .payment = asked.payment,
                              .transaction = asked.transaction,
                              .card = asked.card,
                              .results_url = threeds.addresses.results(results_address(
                                  services.vault, authentication.shop, authentication.server_transaction_id)),
                              .method = method,
                              .now = services.clock.now()});
  const auto answer = co_await threeds.server(asked.payment.mode).authenticate(request);
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
  constexpr AuthenticationState kBefore = AuthenticationState::method;
  if (challenge) {
    ACQUIT_CO_CHECK(co_await advance(services, threeds, authentication, kBefore));
    co_return challenge_step(authentication,
                             make_token(services, AuthenticationState::challenge, authentication, code));
  }
  const CardEntry card = entry_of(asked.card, asked.transaction, code);
  Going going{.authentication = std::move(authentication), .before = kBefore};
  if (!answer && must_stop(answer.error(), shop.shop)) {
    co_return co_await decline(services, threeds, shop, going, Cause::authentication_impossible);
  }
  const bool exemption = threeds::asks_exemption(request.preference);
  co_return co_await conclude(services, threeds, shop, std::move(going), asked.transaction, exemption, card);
}

}  // namespace acquit::payments

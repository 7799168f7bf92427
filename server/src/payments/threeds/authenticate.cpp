#include "payments/threeds/authenticate.h"

#include "base/ascii.h"
#include "base/list.h"
#include "base/log.h"
#include "payments/nouns/cause.h"
#include "payments/threeds/authentication_course.h"
#include "payments/threeds/authentication_request.h"

namespace acquit::payments {
namespace {

base::Task<base::Result<Authenticating>> load(const Services& services, const ThreeDs& threeds,
                                              const merchants::ShopConfig& shop, const AuthenticationId& id) {
  co_return co_await services.database.read([&](db::ReadTx& tx) -> base::Result<Authenticating> {
    AuthenticationStore::Finding finding = threeds.store.ask(tx, shop.shop.id, id);
    PaymentStore::Locking asked = services.store.ask_authenticating(tx, shop.shop.id, id.hex());
    ACQUIT_TRY(auto authentication, finding.found());
    if (!authentication) return base::fail(base::ErrorCode::not_found, "no such authentication");
    ACQUIT_TRY(PaymentPart part, asked.locked());
    ACQUIT_TRY(auto card, services.vault.open(tx, shop.shop.id, part.transaction.card.id));
    return Authenticating{std::move(part), *std::move(authentication), std::move(card)};
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

// The issuer's part is over: only our own answer to it is missing.
base::Result<AuthenticationStep> last_step(const ThreeDs& threeds, Authentication authentication, std::string token) {
  authentication.acs_url = threeds.addresses.challenge_done;
  return challenge_step(authentication, std::move(token));
}

struct Lookup {
  merchants::Mode mode = merchants::Mode::test;
  base::Pan pan;
  bool mandated = false;
};

base::Task<PreparedAuthentication> prepare(const Services& services, const ThreeDs& threeds,
                                           const merchants::Shop& shop, Lookup card, const threeds::Browser& browser) {
  using enum PreparedAuthentication::Way;
  PreparedAuthentication prepared{
      .way = ask_issuer,
      .method = threeds::MethodCompletion::unavailable,
      .authentication = {.shop = shop.id,
                         .id = AuthenticationId::make(services.clock, services.random),
                         .payment = PaymentId(base::IdBytes{}),
                         .transaction = TransactionId(base::IdBytes{}),
                         .server_transaction_id = threeds::new_transaction_id(services.random),
                         .state = AuthenticationState::method,
                         .version = threeds::Version::v220,
                         .browser = browser,
                         .result = {},
                         .mandated = card.mandated,
                         .acs_url = {}}};
  Authentication& authentication = prepared.authentication;
  const auto enrolment = co_await threeds.server(card.mode).find_enrolment(std::move(card.pan));
  if (!enrolment || !enrolment->enrolled) {
    if (!enrolment) base::log::failed("enrolment", enrolment.error(), {{"shop", base::to_string(shop.id)}});
    authentication.result.enrolled = enrolment ? "N" : "U";
    const bool stops = card.mandated || (!enrolment && must_stop(enrolment.error(), shop));
    prepared.way = stops ? stop : go_without;
    co_return prepared;
  }
  authentication.version = enrolment->version;
  authentication.result.enrolled = "Y";
  authentication.result.server_transaction_id = authentication.server_transaction_id;
  authentication.result.version = std::string(threeds::to_string(enrolment->version));
  if (enrolment->method_url.empty()) co_return prepared;
  prepared.method = threeds::MethodCompletion::not_completed;
  if (browser.javascript) authentication.acs_url = enrolment->method_url;
  co_return prepared;
}

Authentication of_attempt(Authentication authentication, const StepResult& attempt) {
  authentication.payment = attempt.payment.id;
  authentication.transaction = attempt.transaction.id;
  return authentication;
}

// The row of the authentication is written: the 3DS Method, or the issuer is asked at once.
base::Task<base::Result<AuthenticationStep>> first_step(const Services& services, const ThreeDs& threeds,
                                                        const merchants::ShopConfig& shop, StepResult attempt,
                                                        platform::OpenedCard card,
                                                        const PreparedAuthentication& prepared,
                                                        const base::SecurityCode& code) {
  Authentication authentication = of_attempt(prepared.authentication, attempt);
  if (!authentication.acs_url.empty()) {
    co_return method_step(threeds, authentication,
                          make_token(services, AuthenticationState::method, authentication, code));
  }
  Authenticating asked{static_cast<PaymentPart&&>(attempt), std::move(authentication), std::move(card)};
  co_return co_await ask_issuer(services, threeds, shop, std::move(asked), prepared.method, code);
}

// The browser is back from the issuer.
base::Task<base::Result<AuthenticationStep>> after_challenge(const Services& services, const ThreeDs& threeds,
                                                             const merchants::ShopConfig& shop, Authenticating loaded,
                                                             const base::SecurityCode& code) {
  if (loaded.transaction.state != State::authenticating || !was_challenged(loaded.authentication)) {
    co_return base::fail(base::ErrorCode::wrong_state, "the authentication went on meanwhile");
  }
  if (loaded.authentication.state == AuthenticationState::challenge) {
    // It is back but the issuer told us nothing: without the results there is no proof.
    loaded.authentication.result.status = "N";
    loaded.authentication.result.error = "no_results";
  }
  const CardEntry card = entry_of(loaded.card, loaded.transaction, code);
  co_return co_await conclude(services, threeds, shop, {.authentication = std::move(loaded.authentication)},
                              loaded.transaction, /*exemption=*/false, card);
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

std::optional<TokenNames> read_step_token(const Services& services, std::string_view token) {
  const auto names = names_in_token(token);
  if (!names) return std::nullopt;
  const auto opens = [&](AuthenticationState step) { return open_token(services, step, names->id, token).has_value(); };
  return opens(AuthenticationState::challenge) || opens(AuthenticationState::method) ? names : std::nullopt;
}

base::Task<PreparedAuthentication> prepare_authentication(const Services& services, const ThreeDs& threeds,
                                                          const merchants::Shop& shop, merchants::Mode mode,
                                                          base::Pan pan, const threeds::Browser& browser) {
  co_return co_await prepare(services, threeds, shop, {.mode = mode, .pan = std::move(pan), .mandated = false},
                             browser);
}

AttemptRequest attempt_request(const ThreeDs& threeds, const PreparedAuthentication& prepared, CardEntry card) {
  using enum PreparedAuthentication::Way;
  AttemptRequest request{.card = std::move(card), .first = FirstStep::authenticate, .authentication = {}};
  switch (prepared.way) {
    case ask_issuer:
      request.also = [&threeds, &prepared](db::Tx& tx, const StepResult& attempt) {
        return threeds.store.add(tx, of_attempt(prepared.authentication, attempt));
      };
      break;
    case go_without:
      request.first = FirstStep::authorise;
      request.authentication = prepared.authentication.result;
      break;
    case stop: break;
  }
  return request;
}

base::Task<base::Result<AuthenticationStep>> authenticate_attempt(const Services& services, const ThreeDs& threeds,
                                                                  const merchants::ShopConfig& shop, StepResult attempt,
                                                                  const CardEntry& card,
                                                                  const PreparedAuthentication& prepared) {
  using enum PreparedAuthentication::Way;
  switch (prepared.way) {
    case ask_issuer: break;
    case go_without: {
      ACQUIT_CO_TRY(auto result,
                    co_await authorise(services, shop, std::move(attempt), card, can_step_up(prepared.authentication)));
      co_return co_await after_answer(services, threeds, shop, prepared.authentication.browser, card.security_code,
                                      std::move(result));
    }
    case stop: {
      const Going going{.authentication = of_attempt(prepared.authentication, attempt)};
      co_return co_await decline(services, threeds, shop, going, Cause::authentication_impossible);
    }
  }
  platform::OpenedCard opened{.pan = card.pan, .expiry_year = card.expiry_year, .expiry_month = card.expiry_month};
  co_return co_await first_step(services, threeds, shop, std::move(attempt), std::move(opened), prepared,
                                card.security_code);
}

base::Task<base::Result<AuthenticationStep>> begin_authentication(const Services& services, const ThreeDs& threeds,
                                                                  const merchants::ShopConfig& shop, StepResult attempt,
                                                                  const threeds::Browser& browser,
                                                                  const base::SecurityCode& code, bool mandated) {
  using enum PreparedAuthentication::Way;
  ACQUIT_CO_TRY(auto card, co_await services.database.read([&](db::ReadTx& tx) {
    return services.vault.open(tx, shop.shop.id, attempt.transaction.card.id);
  }));
  const PreparedAuthentication prepared = co_await prepare(
      services, threeds, shop.shop, {.mode = attempt.payment.mode, .pan = card.pan, .mandated = mandated}, browser);
  const Going going{.authentication = of_attempt(prepared.authentication, attempt)};
  switch (prepared.way) {
    case ask_issuer: break;
    case go_without:
      co_return co_await go_on(services, threeds, shop, going, entry_of(card, attempt.transaction, code));
    case stop: co_return co_await decline(services, threeds, shop, going, Cause::authentication_impossible);
  }
  ACQUIT_CO_CHECK(co_await services.database.write(
      Services::lane(shop.shop.id), [&](db::Tx& tx) { return threeds.store.add(tx, going.authentication); }));
  co_return co_await first_step(services, threeds, shop, std::move(attempt), std::move(card), prepared, code);
}

base::Task<base::Result<AuthenticationStep>> show_step(const Services& services, const ThreeDs& threeds,
                                                       const merchants::ShopConfig& shop, const PaymentId& payment,
                                                       const std::string& token) {
  const auto names = names_in_token(token);
  if (!names || names->shop != shop.shop.id)
    co_return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_CO_TRY(const Authenticating loaded, co_await load(services, threeds, shop, names->id));
  const Authentication& authentication = loaded.authentication;
  if (authentication.payment != payment)
    co_return base::fail(base::ErrorCode::signature_mismatch, "a token of another payment");
  const auto opened = [&](AuthenticationState step) { return open_token(services, step, names->id, token); };
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
  std::string now = before ? make_token(services, AuthenticationState::challenge, authentication, *code) : token;
  if (authentication.state == AuthenticationState::challenge) co_return challenge_step(authentication, std::move(now));
  co_return last_step(threeds, authentication, std::move(now));
}

base::Task<base::Result<AuthenticationStep>> continue_after_method(const Services& services, const ThreeDs& threeds,
                                                                   const merchants::ShopConfig& shop,
                                                                   const std::string& token, bool completed) {
  const auto names = names_in_token(token);
  if (!names || names->shop != shop.shop.id)
    co_return base::fail(base::ErrorCode::signature_mismatch, "the token is damaged");
  ACQUIT_CO_TRY(const base::SecurityCode code, open_token(services, AuthenticationState::method, names->id, token));
  ACQUIT_CO_TRY(Authenticating loaded, co_await load(services, threeds, shop, names->id));
  if (loaded.authentication.state != AuthenticationState::method || loaded.transaction.state != State::authenticating) {
    co_return base::fail(base::ErrorCode::wrong_state, "the authentication went on meanwhile");
  }
  const auto method = completed ? threeds::MethodCompletion::completed : threeds::MethodCompletion::not_completed;
  co_return co_await ask_issuer(services, threeds, shop, std::move(loaded), method, code);
}

base::Task<FinishedChallenge> finish_challenge(const Services& services, const ThreeDs& threeds,
                                               const merchants::ShopConfig& shop, const std::string& session) {
  FinishedChallenge finished{.payment = std::nullopt,
                             .step = base::fail(base::ErrorCode::signature_mismatch, "the token is damaged")};
  const auto names = names_in_token(session);
  if (!names || names->shop != shop.shop.id) co_return finished;
  auto loaded = co_await load(services, threeds, shop, names->id);
  if (!loaded) {
    finished.step = std::unexpected(std::move(loaded).error());
    co_return finished;
  }
  finished.payment = loaded->payment.id;
  const auto code = open_token(services, AuthenticationState::challenge, names->id, session);
  if (!code) {
    finished.step = std::unexpected(code.error());
    co_return finished;
  }
  finished.step = co_await after_challenge(services, threeds, shop, *std::move(loaded), *code);
  co_return finished;
}

base::Task<base::Result<void>> record_results(const Services& services, const ThreeDs& threeds,
                                              const AddressedResults& brought) {
  ACQUIT_CO_TRY(auto found, co_await services.database.read([&](db::ReadTx& tx) {
    return threeds.store.find_by_server_id(tx, brought.shop(), brought.id());
  }));
  if (!found || !was_challenged(*found)) {
    co_return base::fail(base::ErrorCode::not_found, "no such challenge", "threeDSServerTransID");
  }
  ACQUIT_CO_CHECK(check_results(*found, brought.result()));
  if (found->state == AuthenticationState::ended) co_return base::Result<void>{};
  Authentication authentication = *std::move(found);
  take_results(authentication.result, brought.result());
  authentication.state = AuthenticationState::ended;
  authentication.acs_url.clear();
  co_return co_await advance(services, threeds, authentication, AuthenticationState::challenge);
}

}  // namespace acquit::payments

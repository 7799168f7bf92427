#include <algorithm>

#include "base/card_numbers.h"
#include "payments/checkout/extend.h"
#include "payments/checkout/leave.h"
#include "payments/nouns/typed_text.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/refusals.h"
#include "web/pay_flow/test_cards.h"

namespace acquit::web {
namespace {

// Typed into the wrong field, a card number must not come back in the page.
std::string expiry_to_repeat(const std::string& typed) {
  constexpr std::size_t kMax = 9;  // "12 / 2030"
  std::string text = payments::plain_text(typed);
  if (text.size() > kMax || text.find_first_not_of("0123456789/-. ") != std::string::npos) text.clear();
  return text;
}

// No code of a brand is longer.
constexpr std::size_t kBrandMax = 32;

// A BCP 47 tag; the AReq has less room and cuts at a hyphen.
constexpr std::size_t kLanguageMax = 35;

threeds::Browser browser_of(const http::Request& request, const CardForm& form) {
  const threeds::Browser plain;
  const std::string accept(request.header("accept"));
  std::string language = form.language;
  if (language.empty()) language = std::string(request.header("accept-language").substr(0, 2));
  return {.accept_header = accept.empty() ? "*/*" : accept,
          .ip = request.remote_address,
          .language = language.empty() ? "fr" : language.substr(0, kLanguageMax),
          .user_agent = std::string(request.header("user-agent")),
          .javascript = form.javascript,
          .java = form.java,
          .color_depth = form.color_depth.value_or(plain.color_depth),
          .screen_width = form.screen_width.value_or(plain.screen_width),
          .screen_height = form.screen_height.value_or(plain.screen_height),
          .utc_offset_minutes = form.utc_offset_minutes.value_or(0)};
}

// Without scripts the picked test card is all the buyer sends.
payments::TypedCard typed_card(const CardForm& form, bool test, base::Time now) {
  const auto [month, year] = payments::split_expiry(form.expiry);
  payments::TypedCard typed{.number = form.number,
                            .expiry_month = month,
                            .expiry_year = year,
                            .security_code = form.security_code,
                            .holder = form.holder,
                            .method = form.brand};
  const std::string& picked = form.test_card;
  const bool offered =
      std::ranges::any_of(offered_test_cards(), [&](const OfferedTestCard& card) { return card.number == picked; });
  if (test && typed.number.empty() && offered) {
    typed.number = base::Pan(picked);
    typed.expiry_month = "12";
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
    typed.expiry_year = std::to_string(static_cast<int>(today.year()) + 2);
    typed.security_code = base::SecurityCode(picked.size() == 15 ? "1234" : "123");
  }
  return typed;
}

// What a form said that may come back in the page.
CardPage typed_page(const CardForm& form) {
  CardPage page{.brand = form.brand.substr(0, kBrandMax),
                .errors = {},
                .expiry = expiry_to_repeat(form.expiry),
                .holder = form.holder,
                .refusal = std::nullopt};
  if (base::contains_card_number(payments::plain_text(page.holder))) page.holder.clear();
  return page;
}

}  // namespace

// The form says what its page showed, so that the payment need not be read; begin_attempt looks whether it is so.
base::Task<base::Result<Flow::Posted>> Flow::posted(const payments::PaymentHolder& holder,
                                                    const std::string& mode_of_form) const {
  if (const auto mode = merchants::parse_mode(mode_of_form)) {
    ACQUIT_CO_TRY(auto shop, co_await services_.directory.find(holder.name().shop));
    co_return Posted{.holder = holder, .shop = std::move(shop), .mode = *mode, .online = true};
  }
  ACQUIT_CO_TRY(const Visit found, co_await visit(holder));
  const payments::Payment& payment = found.subject.payment;
  co_return Posted{.holder = holder,
                   .shop = found.subject.shop,
                   .mode = payment.mode,
                   .online = payments::is_online(payment.source)};
}

base::Task<http::Response> Flow::enter_card(HolderCall call, CardForm form) {
  const http::Request& request = call.request;
  const payments::PaymentHolder holder = call.proof;
  const auto found = co_await posted(holder, form.mode);
  if (!found) co_return answers_.payment_failure(request, found.error(), token_of(holder));
  const base::Time now = services_.clock.now();
  auto card = payments::check_card(typed_card(form, found->mode == merchants::Mode::test, now), now);
  if (!card) {
    CardPage again = typed_page(form);
    for (const base::Error& error : card.error().errors) {
      if (const auto shown = card_error(error)) again.errors.push_back(*shown);
    }
    co_return ask_again(found->holder, again);
  }
  co_return co_await pay(request, *found, *std::move(card), browser_of(request, form));
}

base::Task<http::Response> Flow::pay(const http::Request& request, const Posted& posted, payments::CardEntry card,
                                     threeds::Browser browser) {
  const merchants::ShopConfig& shop = *posted.shop;
  const auto place = refusals_.begin(posted.mode, shop.shop.id, card, request.remote_address);
  if (!place) {
    log_.warning("try_held_back",
                 {{"request", request.request_id}, {"limit", payments::to_string(place.error().limit)}});
    co_return ask_again(posted.holder,
                        {.brand = {}, .errors = {}, .expiry = {}, .holder = {}, .refusal = held_back(place.error())});
  }
  if (place->wait().count() > 0) co_await executor_.sleep(place->wait());
  std::optional<payments::PreparedAuthentication> prepared;
  payments::AttemptRequest wanted{.card = card, .first = payments::FirstStep::authorise, .authentication = {}};
  if (posted.online) {
    prepared =
        co_await payments::prepare_authentication(services_, threeds_, shop.shop, posted.mode, card.pan, browser);
    wanted = payments::attempt_request(threeds_, *prepared, card);
  }
  wanted.expected = {.mode = posted.mode, .online = posted.online};
  auto attempt = co_await payments::begin_attempt(services_, posted.holder, shop, posted.holder.name().payment, wanted);
  if (!attempt) co_return not_begun(request, posted, card.holder, attempt.error());
  pages::log_attempt(request, *attempt);
  if (attempt->transaction.state == payments::State::refused) {
    co_return co_await after_authorisation(request, posted.holder, *std::move(attempt));
  }
  if (prepared) {
    auto step =
        co_await payments::authenticate_attempt(services_, threeds_, shop, *std::move(attempt), card, *prepared);
    co_return co_await after_step(request, posted.holder, std::move(step));
  }
  auto result = co_await payments::authorise(services_, shop, *std::move(attempt), card, /*can_authenticate=*/false);
  if (!result) co_return co_await failed_step(request, result.error(), posted.holder);
  co_return co_await after_authorisation(request, posted.holder, *std::move(result));
}

http::Response Flow::not_begun(const http::Request& request, const Posted& posted, const std::string& holder,
                               const base::Error& error) const {
  if (error.code == base::ErrorCode::card_invalid) {
    return ask_again(posted.holder,
                     {.brand = {},
                      .errors = {{.field = pages::CardField::card_number, .problem = pages::CardProblem::not_accepted}},
                      .expiry = {},
                      .holder = holder,
                      .refusal = std::nullopt});
  }
  const std::string token = token_of(posted.holder);
  // Another tab was faster, or the time is over: the payment's page says which.
  if (error.family() == base::Family::conflict || error.code == base::ErrorCode::too_many_attempts) {
    return http::Response::see_other("/pay/" + token);
  }
  return answers_.payment_failure(request, error, token, &posted.shop->shop);
}

base::Task<http::Response> Flow::after_step(const http::Request& request, payments::PaymentName name,
                                            base::Result<payments::AuthenticationStep> step) {
  if (!step) {
    switch (step.error().consequence()) {
      case base::Consequence::not_done:
        log_.failed("authentication_step", step.error(), {{"request", request.request_id}});
        // The payment went on without this tab: it waits for the other one's try.
        co_return http::Response::see_other("/pay/" + token_of(name) + "?wait=1");
      // Perhaps the acquirer said yes, and only the writing of it failed.
      case base::Consequence::undone:
      case base::Consequence::not_now:
      case base::Consequence::perhaps_done:
      case base::Consequence::broken: co_return co_await failed_step(request, step.error(), name);
    }
  }
  if (step->done) co_return co_await after_authorisation(request, name, *std::move(step->done));
  co_return http::Response::see_other("/pay/" + token_of(name) + "?step=" + step->token);
}

// The page in the buyer's language where his payment can still be read.
base::Task<http::Response> Flow::failed_step(const http::Request& request, base::Error error,
                                             payments::PaymentName name) {
  const std::string token = token_of(name);
  const auto found = co_await visit(name);
  if (!found) co_return answers_.payment_failure(request, error, token);
  const notifications::Subject& subject = found->subject;
  co_return answers_.payment_failure(request, error, token, &subject.shop->shop, subject.payment.language);
}

http::Response Flow::ask_again(const payments::PaymentName& name, const CardPage& page) const {
  return http::Response::see_other("/pay/" + token_of(name) +
                                   "?again=" + seal_card_page(services_.vault, name.payment, page));
}

base::Task<http::Response> Flow::after_authorisation(const http::Request& request, payments::PaymentName name,
                                                     payments::StepResult result) {
  co_await refusals_.note(result, request.remote_address);
  // The shop hears of the end before its buyer comes back (lyra.md §2.2); the call itself ends within 30 s.
  if (result.notification) co_await services_.outbox.process(*result.notification);
  co_return http::Response::see_other("/pay/" + token_of(name));
}

base::Task<http::Response> Flow::cancel(http::Request request, payments::PaymentHolder holder) {
  auto found = co_await visit(holder);
  if (!found) co_return answers_.payment_failure(request, found.error(), token_of(holder));
  auto left = co_await payments::leave_payment(services_, holder, *found->subject.shop, found->subject.payment.id);
  if (!left && left.error().family() != base::Family::conflict) {
    co_return answers_.payment_failure(request, left.error(), found->token, &found->subject.shop->shop);
  }
  if (left && left->notification) co_await services_.outbox.process(*left->notification);
  co_return http::Response::see_other("/pay/" + found->token);
}

base::Task<http::Response> Flow::extend(HolderCall call, CardForm form) {
  const http::Request& request = call.request;
  const payments::PaymentName name = call.proof;
  auto found = co_await visit(name);
  if (!found) co_return answers_.payment_failure(request, found.error(), token_of(name));
  const payments::Payment& payment = found->subject.payment;
  const auto extended = co_await payments::extend_payment(services_, payment.shop, payment.id);
  if (!extended && extended.error().family() == base::Family::retry_later)
    co_return answers_.payment_failure(request, extended.error(), found->token, &found->subject.shop->shop);
  // Over, or paid elsewhere: the payment's page says so. Without scripts the whole form came along.
  const bool typed = !form.expiry.empty() || !form.holder.empty();
  if (extended && typed) co_return ask_again(name, typed_page(form));
  co_return http::Response::see_other("/pay/" + found->token);
}

}  // namespace acquit::web

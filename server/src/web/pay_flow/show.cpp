#include <algorithm>

#include "base/form_fields.h"
#include "base/percent.h"
#include "payments/checkout/create_payment.h"
#include "payments/checkout/extend.h"
#include "payments/checkout/leave.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/refusals.h"
#include "web/pay_flow/test_cards.h"

namespace acquit::web {
namespace {

using payments::State;

// The address may stay in a browser's history for ever; what it shows is for who has just paid.
constexpr std::chrono::hours kResultShownFor{24};

std::string query_value(const http::Request& request, std::string_view name) {
  const auto fields = base::parse_form(request.query);
  return fields ? std::string(base::field_of(*fields, name)) : std::string();
}

// "4970 1000 0000 0055".
std::string grouped(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

std::vector<pages::TestCard> test_cards(const i18n::Translator& translator, i18n::Language language,
                                        const std::vector<std::string>& accepted, base::Time now) {
  const auto year =
      static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year()) + 2;
  std::vector<pages::TestCard> out;
  for (const OfferedTestCard& card : offered_test_cards()) {
    const auto brands = payments::brands_of(card.number);
    const auto brand = std::ranges::find_if(
        brands, [&](std::string_view b) { return std::ranges::find(accepted, b) != accepted.end(); });
    if (brand == brands.end()) continue;
    out.push_back({.id = std::string(card.number),
                   .label = std::string(pages::brand_name(*brand)) + " · " + grouped(card.number) + " · " +
                            translator.text(language, card.scenario),
                   .number = std::string(card.number),
                   .expiry = "12/" + std::to_string(year % 100),
                   .security_code = *brand == "AMEX" ? "1234" : "123"});
  }
  return out;
}

pages::Ticket ticket_for(const Visit& visit) {
  const payments::Transaction& t = visit.subject.transaction;
  return {.date = t.answer.at.value_or(t.created_at),
          .timezone = visit.subject.shop->shop.timezone,
          .card_brand = t.method,
          .card = t.card.masked,
          .authorisation = t.answer.authorisation_code,
          .transaction = t.id.hex()};
}

pages::Outcome outcome_of(const payments::Transaction& transaction) {
  if (payments::is_success(transaction.state)) {
    return transaction.state == State::pending ? pages::Outcome::pending : pages::Outcome::accepted;
  }
  return transaction.state == State::abandoned ? pages::Outcome::cancelled : pages::Outcome::refused;
}

}  // namespace

base::Task<http::Response> Flow::show(http::Request request, payments::PaymentName name) {
  auto found = co_await visit(name);
  if (found) found = co_await end_if_over(*std::move(found));
  if (!found) co_return answers_.payment_failure(request, found.error(), token_of(name));
  const auto& ended_at = found->subject.payment.ended_at;
  if (ended_at && services_.clock.now() - *ended_at > kResultShownFor) {
    co_return answers_.failure(request,
                               {.code = base::ErrorCode::not_found, .field = {}, .detail = "the result is old"});
  }
  if (const auto language = i18n::language_from_code(query_value(request, "lang"))) {
    co_return co_await change_language(request, *std::move(found), *language);
  }
  const std::string step = query_value(request, "step");
  if (!step.empty() && !found->subject.payment.ended_at && found->subject.transaction.state == State::authenticating) {
    co_return co_await show_step(request, *std::move(found), step);
  }
  co_return show_visit(request, *found);
}

// A payment whose time is over ends before its page says so: what the shop gets signed is the truth, and stays it. The
// job would come to the same a little later.
base::Task<Flow::VisitResult> Flow::end_if_over(Visit found) const {
  const payments::Payment& payment = found.subject.payment;
  const bool open = !payment.ended_at && found.subject.transaction.state != State::authorising;
  if (!open || payment.expires_at > services_.clock.now()) co_return found;
  const auto left = co_await payments::leave_expired(services_, *found.subject.shop, payment.id);
  // A conflict: somebody paid or tried again at this moment.
  if (!left && left.error().family() != base::Family::conflict) co_return std::unexpected(left.error());
  co_return co_await visit(payments::PaymentName{.shop = payment.shop, .payment = payment.id});
}

base::Task<http::Response> Flow::change_language(const http::Request& request, Visit visit, i18n::Language language) {
  const auto name = payments::PaymentName{.shop = visit.subject.payment.shop, .payment = visit.subject.payment.id};
  const auto written = co_await services_.database.write(
      payments::Services::lane(name.shop, name.payment),
      [&](db::Tx& tx) { return services_.store.write_language(tx, name.shop, name.payment, i18n::code(language)); });
  if (!written) co_return answers_.payment_failure(request, written.error(), visit.token, &visit.subject.shop->shop);
  const std::string again = query_value(request, "again");
  co_return http::Response::see_other("/pay/" + visit.token +
                                      (again.empty() ? "" : "?again=" + base::percent_encode(again)));
}

base::Task<http::Response> Flow::show_step(const http::Request& request, Visit visit, const std::string& token) const {
  const auto step =
      co_await payments::show_step(services_, threeds_, *visit.subject.shop, visit.subject.payment.id, token);
  if (!step && step.error().family() == base::Family::retry_later)
    co_return answers_.payment_failure(request, step.error(), visit.token, &visit.subject.shop->shop);
  // Another card is being tried, or the address is not one of ours.
  if (!step) co_return http::Response::see_other("/pay/" + visit.token + "?wait=1");
  pages::PolicyOptions policy = policy_for(visit, Forms::leave);
  pages::Frame around = frame(visit);
  around.language_url.clear();
  if (step->method) {
    const payments::AuthenticationStep::Method& method = *step->method;
    policy.frame_sources = {origin_of(method.url)};
    co_return answers_.page(
        200,
        pages::ThreedsMethodView{
            .frame = std::move(around),
            .method = {.action = method.url, .hidden = {{"threeDSMethodData", method.data}}},
            .next = {.action = "/pay/" + visit.token + "/authenticate", .hidden = {{"token", step->token}}}},
        policy);
  }
  const threeds::ChallengeForm& challenge = step->challenge.value();
  pages::ThreedsChallengeView view{
      .frame = std::move(around),
      .form = {.action = challenge.acs_url,
               .hidden = {{"creq", challenge.creq}, {"threeDSSessionData", challenge.session_data}}}};
  // With no try left the card form would say no more than that the bank is waiting.
  if (visit.subject.payment.attempts < visit.subject.payment.attempts_max) view.other_card_url = "/pay/" + visit.token;
  co_return answers_.page(200, view, policy);
}

http::Response Flow::show_visit(const http::Request& request, const Visit& visit) const {
  const payments::Payment& payment = visit.subject.payment;
  const payments::Transaction& transaction = visit.subject.transaction;
  if (payment.ended_at && !visit.being_told && !query_value(request, "return").empty()) return show_return(visit);
  if (payment.ended_at && !visit.being_told) return show_result(visit);
  if (payment.ended_at || transaction.state == State::authorising)
    return show_waiting(visit, pages::WaitingFor::payment);
  if (transaction.state == State::authenticating && payment.attempts >= payment.attempts_max) {
    return show_waiting(visit, pages::WaitingFor::bank);
  }
  // Another tab's bank is being asked; the card form would invite to end that.
  if (transaction.state == State::authenticating && !query_value(request, "wait").empty()) {
    return show_waiting(visit, pages::WaitingFor::payment);
  }
  const std::string again = query_value(request, "again");
  const auto typed = open_card_page(services_.vault, payment.id, again);
  CardPage card = typed.value_or(CardPage{});
  if (transaction.state == State::refused && card.errors.empty() && !card.refusal) {
    card.refusal = pages::Refusal{.reason = refusal_reason(transaction),
                                  .attempts_left = payment.attempts_max - payment.attempts,
                                  .bank_message = transaction.authentication.cardholder_info};
  }
  return show_card(visit, std::move(card), typed ? again : std::string());
}

http::Response Flow::show_card(const Visit& visit, CardPage card, const std::string& again) const {
  pages::CardEntryView view{.frame = frame(visit), .form = {}};
  if (!again.empty()) view.frame.language_url += "?again=" + again;
  view.brands = payments::offered_methods(*visit.subject.shop, visit.subject.payment);
  view.choice = payments::brands_to_choose(view.brands);
  if (std::ranges::find(view.choice, card.brand) != view.choice.end()) view.chosen = card.brand;
  view.refusal = card.refusal;
  view.errors = std::move(card.errors);
  view.expiry = std::move(card.expiry);
  view.holder = std::move(card.holder);
  if (visit.subject.payment.mode == merchants::Mode::test)
    view.test_cards = test_cards(answers_.translator(), view.frame.language, view.brands, services_.clock.now());
  const auto left = std::chrono::ceil<std::chrono::seconds>(visit.subject.payment.expires_at - services_.clock.now());
  view.time = pages::TimeLeft{
      .seconds = static_cast<int>(left.count()),
      .extend_url = payments::can_extend(visit.subject.payment) ? "/pay/" + visit.token + "/extend" : std::string()};
  view.form = {.action = "/pay/" + visit.token + "/card"};
  // Spares the form's post the reading of the payment; see enter_card.
  if (payments::is_online(visit.subject.payment.source)) {
    view.form.hidden = {{"mode", std::string(merchants::to_string(visit.subject.payment.mode))}};
  }
  view.cancel = pages::PostForm{.action = "/pay/" + visit.token + "/cancel"};
  return answers_.page(200, view, policy_for(visit));
}

http::Response Flow::show_result(const Visit& visit) const {
  pages::ResultView view{.frame = frame(visit), .outcome = outcome_of(visit.subject.transaction)};
  if (view.outcome == pages::Outcome::refused) {
    view.reason = refusal_reason(visit.subject.transaction);
    view.bank_message = visit.subject.transaction.authentication.cardholder_info;
  }
  if (view.outcome == pages::Outcome::accepted || view.outcome == pages::Outcome::pending)
    view.ticket = ticket_for(visit);
  view.back = return_form(visit);
  if (view.back->redirect_s == 0) return show_return(visit);
  if (visit.timed_out) {
    return answers_.page(410, pages::ExpiredView{.frame = std::move(view.frame), .back = std::move(view.back)},
                         policy_for(visit, Forms::leave));
  }
  return answers_.page(200, view, policy_for(visit, Forms::leave));
}

http::Response Flow::show_return(const Visit& visit) const {
  return answers_.page(200, pages::ReturnView{.frame = frame(visit), .back = return_form(visit)},
                       policy_for(visit, Forms::leave));
}

http::Response Flow::show_waiting(const Visit& visit, pages::WaitingFor what) const {
  pages::WaitingView view{.frame = frame(visit), .what = what, .refresh_url = "/pay/" + visit.token, .refresh_s = 3};
  if (what == pages::WaitingFor::bank) view.cancel = pages::PostForm{.action = "/pay/" + visit.token + "/cancel"};
  return answers_.page(200, view, policy_for(visit));
}

}  // namespace acquit::web

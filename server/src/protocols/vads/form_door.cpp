#include "protocols/vads/form_door.h"

#include <algorithm>

#include "base/form_fields.h"
#include "base/list.h"
#include "http/form.h"
#include "payments/bank/authorise.h"
#include "payments/checkout/payment_token.h"
#include "protocols/vads/fields.h"
#include "protocols/vads/form_errors.h"
#include "protocols/vads/request.h"

namespace acquit::vads {
namespace {

std::string with_query(const std::string& url, const base::FormFields& fields) {
  if (fields.empty()) return url;
  const std::size_t fragment = std::min(url.find('#'), url.size());
  const std::string page = url.substr(0, fragment);
  return page + (page.find('?') == std::string::npos ? "?" : "&") + base::to_form(fields) + url.substr(fragment);
}

FormError held_back_form(const payments::TooManyTries& many) {
  const bool crowd = many.limit == payments::TryLimit::crowd;
  FormError error = fault("vads_card_number", {.key = crowd ? "rule.shop_crowded" : "rule.card_tries",
                                               .arguments = {{"minutes", std::to_string(many.minutes())}}});
  error.is_signed = true;
  return error;
}

// As integrators read it; families of fields ("vads_ext_info_*") are not fields with a name.
http::Described described_form() {
  http::Described described{.takes = http::Takes::form};
  described.input.push_back(
      {.name = "signature", .rules = {.about = "Of all vads_ fields, by the shop's key", .required = true}});
  for (const FieldRule& rule : field_rules()) {
    if (rule.name.ends_with('*')) continue;
    http::FieldRules rules{.required = rule.required, .length_max = rule.max};
    if (rule.format == Format::one_of) {
      for (const std::string_view value : base::split(rule.values, ' ')) rules.one_of.emplace_back(value);
    }
    described.input.push_back({.name = std::string(rule.name), .rules = std::move(rules)});
  }
  return described;
}

}  // namespace

FormDoor::Routes FormDoor::routes() {
  using Signed = http::MemberGuard<http::Access::signed_form, &FormDoor::admit>;
  const http::Described form = described_form();
  Routes routes;
  // With and without the last slash: modules append it or not (lyra.md §8).
  for (const std::string path : {"/vads-payment/", "/vads-payment"}) {
    for (const http::Method method : {http::Method::post, http::Method::get}) {
      routes.add<Signed>(
          {.method = method, .pattern = path, .about = "A shop's form: makes a payment and shows its page"},
          &FormDoor::enter, form);
    }
  }
  return routes;
}

FormDoor::Refused FormDoor::signed_refused(const SignedForm& sent) {
  return {.shop = sent.shop(), .mode = sent.mode(), .form = sent.form(), .is_signed = true};
}

base::Task<http::Admission<SignedForm>> FormDoor::admit(const http::Request& request) {
  auto form = read_form(http::form_of(request));
  if (!form) co_return std::unexpected(co_await refuse_form(request, {}, std::move(form).error()));
  const auto mode = mode_of(*form);
  // A buyer of PRODUCTION is told nothing of forms, whatever else is wrong with this one.
  const auto refused = [&](std::shared_ptr<const merchants::ShopConfig> shop) -> Refused {
    return {.shop = std::move(shop), .mode = mode.value_or(merchants::Mode::test), .form = *form};
  };
  const auto number = shop_of(*form);
  if (!number) co_return std::unexpected(co_await refuse_form(request, refused(nullptr), number.error()));
  const auto shop = co_await around_.services.directory.find(*number);
  if (!shop && shop.error().code == base::ErrorCode::not_found) {
    co_return std::unexpected(co_await refuse_form(request, refused(nullptr), unknown_shop(*form)));
  }
  if (!shop) {
    co_return std::unexpected(around_.answers.failure(request, shop.error(), form->get("vads_language")));
  }
  if (!mode) co_return std::unexpected(co_await refuse_form(request, refused(*shop), mode.error()));
  auto sent = SignedForm::check(*form, *shop, *mode);
  if (!sent) co_return std::unexpected(co_await refuse_form(request, refused(*shop), std::move(sent).error()));
  co_return *std::move(sent);
}

base::Task<http::Response> FormDoor::enter(http::Request request, SignedForm sent) {
  const merchants::ShopConfig& shop = *sent.shop();
  auto checked = check_form(sent, around_.services.clock.now());
  if (!checked) {
    // A form that was right may be too late now, or its shop closed: who has paid by it hears of his payment.
    if (auto earlier = co_await go_to_earlier(shop, sent.form())) co_return *std::move(earlier);
    co_return co_await refuse_form(request, signed_refused(sent), std::move(checked).error());
  }
  checked->payment.language = language_for(request, shop.shop, checked->payment.language);
  checked->payment.id = payments::PaymentId::make(around_.services.clock, around_.services.random);
  // A card in an address would stay in histories and logs.
  if (checked->card && request.method != http::Method::post) {
    FormError error = fault("vads_action_mode", {.key = "rule.silent_by_post"});
    error.is_signed = true;
    co_return co_await refuse_form(request, signed_refused(sent), std::move(error));
  }
  if (checked->card) co_return co_await pay_silently(sent, *std::move(checked), request);
  // The shop's own server never comes this far: its address would say nothing of the buyer.
  if (around_.services.address_countries != nullptr)
    checked->payment.buyer.address_country = around_.services.address_countries->find(request.remote_address);
  const auto payment = co_await payments::create_payment(around_.services, shop, checked->payment);
  if (payment) {
    co_return http::Response::see_other(
        "/pay/" +
        payments::make_payment_token(around_.services.vault, {.shop = payment->shop, .payment = payment->id}));
  }
  co_return co_await not_created(request, signed_refused(sent), checked->payment, payment.error());
}

base::Task<http::Response> FormDoor::not_created(const http::Request& request, Refused refused,
                                                 const payments::NewPayment& wanted, const base::Error& error) {
  const std::string wish(refused.form.get("vads_language"));
  switch (error.consequence()) {
    case base::Consequence::not_done: break;
    case base::Consequence::perhaps_done: co_return co_await perhaps_created(request, refused, wanted, error);
    case base::Consequence::undone:
    case base::Consequence::not_now:
    case base::Consequence::broken: co_return around_.answers.failure(request, error, wish, &refused.shop->shop);
  }
  if (auto earlier = co_await go_to_earlier(*refused.shop, refused.form)) co_return *std::move(earlier);
  FormError told = form_error_for(error, refused.form);
  co_return co_await refuse_form(request, std::move(refused), std::move(told));
}

// Found, it is there. Not found, it may be on its way still: its page will tell.
base::Task<http::Response> FormDoor::perhaps_created(const http::Request& request, const Refused& refused,
                                                     const payments::NewPayment& wanted, const base::Error& error) {
  if (auto earlier = co_await go_to_earlier(*refused.shop, refused.form)) co_return *std::move(earlier);
  const merchants::Shop& shop = refused.shop->shop;
  const std::string token =
      wanted.id ? payments::make_payment_token(around_.services.vault, {.shop = shop.id, .payment = *wanted.id})
                : std::string();
  co_return around_.answers.payment_failure(request, error, token, &shop, refused.form.get("vads_language"));
}

base::Task<std::optional<http::Response>> FormDoor::go_to_earlier(const merchants::ShopConfig& shop,
                                                                  const Form& form) const {
  const auto name = request_name(form);
  if (!name) co_return std::nullopt;
  const auto earlier = co_await payments::find_earlier(around_.services, shop.shop.id, *name);
  if (!earlier) log_.failed("find_earlier", earlier.error());
  if (!earlier || !*earlier) co_return std::nullopt;
  co_return http::Response::see_other(
      "/pay/" +
      payments::make_payment_token(around_.services.vault, {.shop = (*earlier)->shop, .payment = (*earlier)->id}));
}

base::Task<http::Response> FormDoor::pay_silently(const SignedForm& sent, CheckedForm checked,
                                                  const http::Request& request) {
  const auto& shop = sent.shop();
  const merchants::Mode mode = checked.payment.mode;
  const payments::CardEntry card = *checked.card;
  // The address may be the shop's own server, which many buyers share: it is not counted.
  const auto place = around_.refusals.begin(mode, shop->shop.id, card, {});
  if (!place) {
    if (auto earlier = co_await go_to_earlier(*shop, sent.form())) co_return *std::move(earlier);
    co_return co_await refuse_form(request, signed_refused(sent), held_back_form(place.error()));
  }
  if (place->wait().count() > 0) co_await around_.executor.sleep(place->wait());
  auto attempt = co_await payments::create_and_begin(
      around_.services, sent, *shop, checked.payment,
      {.card = card, .first = payments::FirstStep::authorise, .authentication = checked.authentication});
  if (!attempt) {
    co_return co_await not_created(request, signed_refused(sent), checked.payment, attempt.error());
  }
  pages::log_attempt(request, *attempt);
  const std::string token = payments::make_payment_token(
      around_.services.vault, {.shop = attempt->payment.shop, .payment = attempt->payment.id});
  payments::StepResult result = *attempt;
  if (attempt->transaction.state == payments::State::authorising) {
    auto authorised =
        co_await payments::authorise(around_.services, *shop, *std::move(attempt), card, /*can_authenticate=*/false);
    if (!authorised)
      co_return around_.answers.payment_failure(request, authorised.error(), token, &shop->shop,
                                                checked.payment.language);
    result = *std::move(authorised);
  }
  co_await around_.refusals.note(result, {});
  if (!result.payment.ended_at) co_return http::Response::see_other("/pay/" + token);
  if (result.notification) co_await around_.services.outbox.process(*result.notification);
  const pages::ReturnForm back = protocol_.return_form({static_cast<payments::PaymentPart&&>(result), shop});
  // Nothing to show: without a form to post, the browser is simply sent on.
  if (!back.post) co_return http::Response::see_other(with_query(back.url, back.fields));
  co_return http::Response::see_other("/pay/" + token + "?return=1");
}

}  // namespace acquit::vads

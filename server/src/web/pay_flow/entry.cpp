#include <algorithm>

#include "base/card_numbers.h"
#include "http/form.h"
#include "net/address.h"
#include "payments/checkout/create_payment.h"
#include "platform/request_traces/request_traces.h"
#include "protocols/vads/form_errors.h"
#include "protocols/vads/request.h"
#include "protocols/vads/vads_protocol.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/refusals.h"

namespace acquit::web {
namespace {

// Of one shop, its own forms and those of strangers apart: forms need no valid signature to be refused, and nobody
// shall fill the table, nor keep out the traces of the shop's own.
constexpr int kTracesPerMinute = 1000;
constexpr int kTracesOfAddressPerMinute = 60;
constexpr int kSignaturesPerMinute = 300;  // Of all shops, for what was signed instead: each costs milliseconds.

// The buyer's language: the form's wish, else the shop's, else the browser's.
std::string language_for(const http::Request& request, const merchants::Shop& shop, std::string_view wish) {
  if (const auto wished = i18n::language_of_tag(wish)) return std::string(i18n::code(*wished));
  if (i18n::language_from_code(shop.language)) return shop.language;
  return std::string(i18n::code(
      i18n::negotiate_language(request.header("accept-language"), i18n::all_languages(), i18n::Language::fr)));
}

std::string with_query(const std::string& url, const base::FormFields& fields) {
  if (fields.empty()) return url;
  const std::size_t fragment = std::min(url.find('#'), url.size());
  const std::string page = url.substr(0, fragment);
  return page + (page.find('?') == std::string::npos ? "?" : "&") + base::to_form(fields) + url.substr(fragment);
}

pages::SignatureHint hint_of(std::string_view hint) {
  if (hint == "other_algorithm") return pages::SignatureHint::other_algorithm;
  if (hint == "other_mode_key") return pages::SignatureHint::other_mode_key;
  if (hint == "empty_fields") return pages::SignatureHint::empty_fields;
  if (hint == "field_order") return pages::SignatureHint::field_order;
  if (hint == "encoding") return pages::SignatureHint::encoding;
  if (hint == "html_escaped") return pages::SignatureHint::html_escaped;
  if (hint == "spaces") return pages::SignatureHint::spaces;
  return pages::SignatureHint::key;
}

std::optional<pages::SignatureDetails> signature_details(const vads::FormError& error,
                                                         const merchants::ShopConfig* shop) {
  if (error.code != 0 || shop == nullptr) return std::nullopt;
  pages::SignatureDetails details{.algorithm = std::string(merchants::to_string(shop->shop.algorithm)),
                                  .signed_text = error.signed_text.substr(0, error.signed_text.rfind('+')),
                                  .hints = {},
                                  .signed_otherwise = error.signed_otherwise};
  for (const std::string& hint : error.hints) details.hints.push_back(hint_of(hint));
  return details;
}

vads::FormError held_back_form(const payments::TooManyTries& many) {
  const bool crowd = many.limit == payments::TryLimit::crowd;
  vads::FormError error =
      vads::fault("vads_card_number", {.key = crowd ? "rule.shop_crowded" : "rule.card_tries",
                                       .arguments = {{"minutes", std::to_string(minutes_of(many.again_in))}}});
  error.is_signed = true;
  return error;
}

}  // namespace

base::Task<http::Response> Flow::enter(http::Request request) {
  auto form = vads::read_form(http::form_of(request));
  if (!form) co_return co_await refuse_form(request, {}, std::move(form).error());
  const auto mode = vads::mode_of(*form);
  // A buyer of PRODUCTION is told nothing of forms, whatever else is wrong with this one.
  const auto refused = [&](std::shared_ptr<const merchants::ShopConfig> shop) -> Refused {
    return {.shop = std::move(shop), .mode = mode.value_or(merchants::Mode::test), .form = *form};
  };
  const auto number = vads::shop_of(*form);
  if (!number) co_return co_await refuse_form(request, refused(nullptr), number.error());
  auto shop = co_await context_.directory.find(*number);
  if (!shop && shop.error().code == base::ErrorCode::not_found) {
    co_return co_await refuse_form(request, refused(nullptr), vads::unknown_shop(*form));
  }
  if (!shop) co_return failure(request, shop.error(), form->get("vads_language"));
  if (!mode) co_return co_await refuse_form(request, refused(*std::move(shop)), mode.error());
  co_return co_await enter_checked(request, *std::move(shop), *std::move(form), *mode);
}

base::Task<http::Response> Flow::enter_checked(const http::Request& request,
                                               std::shared_ptr<const merchants::ShopConfig> shop, vads::Form form,
                                               merchants::Mode mode) {
  auto checked = vads::check_form(form, *shop, mode, context_.clock.now());
  if (!checked) {
    const bool is_signed = checked.error().is_signed;
    // A form that was right may be too late now, or its shop closed: who has paid by it hears of his payment.
    if (is_signed) {
      if (auto earlier = co_await go_to_earlier(*shop, form)) co_return *std::move(earlier);
    }
    co_return co_await refuse_form(request,
                                   {.shop = shop, .mode = mode, .form = std::move(form), .is_signed = is_signed},
                                   std::move(checked).error());
  }
  checked->payment.language = language_for(request, shop->shop, checked->payment.language);
  checked->payment.id = payments::PaymentId::make(context_.clock, context_.random);
  // A card in an address would stay in histories and logs.
  if (checked->card && request.method != http::Method::post) {
    vads::FormError error = vads::fault("vads_action_mode", {.key = "rule.silent_by_post"});
    error.is_signed = true;
    co_return co_await refuse_form(request, {.shop = shop, .mode = mode, .form = std::move(form), .is_signed = true},
                                   std::move(error));
  }
  if (checked->card) co_return co_await pay_silently(shop, std::move(form), *std::move(checked), request);
  // The shop's own server never comes this far: its address would say nothing of the buyer.
  if (context_.address_countries != nullptr)
    checked->payment.buyer.address_country = context_.address_countries->find(request.remote_address);
  const auto payment = co_await payments::create_payment(context_, *shop, checked->payment);
  if (payment) {
    co_return http::Response::see_other(
        "/pay/" + payments::make_payment_token(context_.vault, {.shop = payment->shop, .payment = payment->id}));
  }
  co_return co_await not_created(request, {.shop = shop, .mode = mode, .form = std::move(form), .is_signed = true},
                                 checked->payment, payment.error());
}

base::Task<http::Response> Flow::not_created(const http::Request& request, Refused refused,
                                             const payments::NewPayment& wanted, const base::Error& error) {
  const std::string wish(refused.form.get("vads_language"));
  switch (error.consequence()) {
    case base::Consequence::not_done: break;
    case base::Consequence::perhaps_done: co_return co_await perhaps_created(request, refused, wanted, error);
    case base::Consequence::undone:
    case base::Consequence::not_now:
    case base::Consequence::broken: co_return failure(request, error, wish, &refused.shop->shop);
  }
  if (auto earlier = co_await go_to_earlier(*refused.shop, refused.form)) co_return *std::move(earlier);
  vads::FormError told = vads::form_error_for(error, refused.form);
  co_return co_await refuse_form(request, std::move(refused), std::move(told));
}

// Found, it is there. Not found, it may be on its way still: its page will tell.
base::Task<http::Response> Flow::perhaps_created(const http::Request& request, const Refused& refused,
                                                 const payments::NewPayment& wanted, const base::Error& error) {
  if (auto earlier = co_await go_to_earlier(*refused.shop, refused.form)) co_return *std::move(earlier);
  const merchants::Shop& shop = refused.shop->shop;
  const std::string token = wanted.id
                                ? payments::make_payment_token(context_.vault, {.shop = shop.id, .payment = *wanted.id})
                                : std::string();
  co_return payment_failure(request, error, token, &shop, refused.form.get("vads_language"));
}

base::Task<std::optional<http::Response>> Flow::go_to_earlier(const merchants::ShopConfig& shop,
                                                              const vads::Form& form) const {
  const auto name = vads::request_name(form);
  if (!name) co_return std::nullopt;
  const auto earlier = co_await payments::find_earlier(context_, shop.shop.id, *name);
  if (!earlier) log_.failed("find_earlier", earlier.error());
  if (!earlier || !*earlier) co_return std::nullopt;
  co_return http::Response::see_other(
      "/pay/" + payments::make_payment_token(context_.vault, {.shop = (*earlier)->shop, .payment = (*earlier)->id}));
}

base::Task<http::Response> Flow::pay_silently(std::shared_ptr<const merchants::ShopConfig> shop, vads::Form form,
                                              vads::CheckedForm checked, const http::Request& request) {
  const merchants::Mode mode = checked.payment.mode;
  const payments::CardEntry card = *checked.card;
  // The address may be the shop's own server, which many buyers share: it is not counted.
  const auto place = refusals_.begin(mode, shop->shop.id, card, {});
  if (!place) {
    if (auto earlier = co_await go_to_earlier(*shop, form)) co_return *std::move(earlier);
    co_return co_await refuse_form(request, {.shop = shop, .mode = mode, .form = form, .is_signed = true},
                                   held_back_form(place.error()));
  }
  if (place->wait().count() > 0) co_await executor_.sleep(place->wait());
  auto attempt = co_await payments::create_and_begin(
      context_, *shop, checked.payment,
      {.card = card, .first = payments::FirstStep::authorise, .authentication = checked.authentication});
  if (!attempt) {
    co_return co_await not_created(request, {.shop = shop, .mode = mode, .form = std::move(form), .is_signed = true},
                                   checked.payment, attempt.error());
  }
  log_attempt(request, *attempt);
  const std::string token =
      payments::make_payment_token(context_.vault, {.shop = attempt->payment.shop, .payment = attempt->payment.id});
  payments::StepResult result{
      .payment = attempt->payment, .transaction = attempt->transaction, .notification = attempt->notification};
  if (attempt->transaction.state == payments::State::authorising) {
    auto authorised =
        co_await payments::authorise(context_, *shop, *std::move(attempt), card, /*can_authenticate=*/false);
    if (!authorised)
      co_return payment_failure(request, authorised.error(), token, &shop->shop, checked.payment.language);
    result = *std::move(authorised);
  }
  co_await refusals_.note(result, {});
  if (!result.payment.ended_at) co_return http::Response::see_other("/pay/" + token);
  if (result.notification) co_await context_.outbox.process(*result.notification);
  const Visit visit{
      .subject = {.shop = shop, .payment = std::move(result.payment), .transaction = std::move(result.transaction)},
      .transactions = {},
      .protocol = protocols_("vads"),
      .settings = {},
      .token = token};
  const pages::ReturnForm back = return_form(visit);
  // Nothing to show: without a form to post, the browser is simply sent on.
  if (!back.post) co_return http::Response::see_other(with_query(back.url, back.fields));
  co_return http::Response::see_other("/pay/" + token + "?return=1");
}

bool Flow::is_heard(const http::Request& request, const Refused& refused) {
  const std::string whose = (refused.is_signed ? "signed " : "unsigned ") + base::to_string(refused.shop->shop.id);
  const std::string subscriber = net::subscriber_of(request.remote_address);
  return complaints_.allow(whose + " " + subscriber, kTracesOfAddressPerMinute) &&
         complaints_.allow(whose, kTracesPerMinute);
}

base::Task<void> Flow::record_refusal(const http::Request& request, const Refused& refused,
                                      const vads::FormError& error, const std::string& detail) {
  const merchants::Shop& shop = refused.shop->shop;
  const vads::Form form = refused.form.shown();
  const bool mail = refused.is_signed && refused.mode == merchants::Mode::production;
  const platform::RequestTrace trace{.shop = shop.id,
                                     .source = "vads",
                                     .code = vads::code_text(error.code),
                                     .field = error.field,
                                     .detail = detail,
                                     .at = context_.clock.now(),
                                     .incident = request.request_id,
                                     .mode = std::string(merchants::to_string(refused.mode)),
                                     .is_signed = refused.is_signed,
                                     .reference = std::string(form.get("vads_order_id")),
                                     .trans_id = std::string(form.get("vads_trans_id")),
                                     .value = error.value};
  const auto traced =
      co_await context_.database.write(payments::Context::lane(shop.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_CHECK(platform::add_trace(tx, trace, context_.clock, context_.random));
        if (!mail) return {};
        return notifier_.queue_form_error_mail(tx, shop,
                                               {.code = trace.code,
                                                .field = error.field,
                                                .rule = error.rule,
                                                .value = trace.value,
                                                .reference = trace.reference,
                                                .trans_id = trace.trans_id,
                                                .incident = trace.incident});
      });
  if (!traced) log_.failed("form_trace", traced.error());
}

base::Task<http::Response> Flow::refuse_form(const http::Request& request, Refused refused, vads::FormError error) {
  const auto& shop = refused.shop;
  const merchants::Mode mode = refused.mode;
  const std::string detail =
      error.detail.empty() ? i18n::translate(pages_.translator(), i18n::Language::en, error.rule) : error.detail;
  log_.info("form_refused", {{"request", request.request_id},
                             {"shop", shop ? base::to_string(shop->shop.id) : std::string()},
                             {"code", error.code},
                             {"field", error.field},
                             {"rule", detail}});
  if (shop && is_heard(request, refused)) {
    const bool puzzling = error.field == "signature" && mode == merchants::Mode::test;
    if (puzzling && complaints_.allow("signatures", kSignaturesPerMinute)) {
      vads::explain_signature(error, refused.form, *shop, mode);
    }
    co_await record_refusal(request, refused, error, detail);
  }
  pages::Frame frame{.language = i18n::language_from_code(language_for(request, shop ? shop->shop : merchants::Shop{},
                                                                       refused.form.get("vads_language")))
                                     .value_or(i18n::Language::fr)};
  if (shop) frame.shop_name = shop->shop.name;
  frame.test = mode == merchants::Mode::test;
  std::optional<pages::ReturnForm> back;
  if (shop) back = to_return_form(vads::return_from_bad_form(refused.form, *shop, mode, error));
  const pages::PolicyOptions policy{.frame_ancestors = shop ? ancestors_of(shop->shop) : std::vector<std::string>{},
                                    .forms_leave = back.has_value(),
                                    .frame_sources = {}};
  if (mode == merchants::Mode::production) {
    const pages::FormErrorView view{.frame = frame,
                                    .contact = shop ? shop->shop.contact_email : "",
                                    .request_id = request.request_id,
                                    .perhaps_paid = error.number_used,
                                    .back = back};
    co_return page(400, view, policy);
  }
  const pages::FormErrorTestView view{.frame = frame,
                                      .code = vads::code_text(error.code),
                                      .field = error.field,
                                      .rule = error.rule,
                                      .value = base::mask_card_numbers(error.value),
                                      .signature = signature_details(error, shop.get()),
                                      .back = back};
  http::Response response = page(400, view, policy);
  // For integrators' tools, which need not read the page.
  response.with_header("X-Acquit-Form-Error", vads::code_text(error.code));
  co_return response;
}

}  // namespace acquit::web

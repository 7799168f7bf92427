#include "base/card_numbers.h"
#include "net/address.h"
#include "platform/request_traces/request_traces.h"
#include "protocols/vads/form_door.h"
#include "protocols/vads/form_errors.h"
#include "protocols/vads/request.h"
#include "protocols/vads/signature_search.h"
#include "protocols/vads/vads_protocol.h"

namespace acquit::vads {
namespace {

// Of one shop, its own forms and those of strangers apart: forms need no valid signature to be refused, and nobody
// shall fill the table, nor keep out the traces of the shop's own.
constexpr int kTracesPerMinute = 1000;
constexpr int kTracesOfAddressPerMinute = 60;
constexpr int kSignaturesPerMinute = 300;  // Of all shops, for what was signed instead: each costs milliseconds.

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

std::optional<pages::SignatureDetails> signature_details(const FormError& error, const merchants::ShopConfig* shop) {
  if (error.code != 0 || shop == nullptr) return std::nullopt;
  pages::SignatureDetails details{.algorithm = std::string(merchants::to_string(shop->shop.algorithm)),
                                  .signed_text = error.signed_text.substr(0, error.signed_text.rfind('+')),
                                  .hints = {},
                                  .signed_otherwise = error.signed_otherwise};
  for (const std::string& hint : error.hints) details.hints.push_back(hint_of(hint));
  return details;
}

// Of the payment, or at least the number that was sent.
std::string key_in(const Form& form) {
  const auto name = request_name(form);
  return name ? name->key : std::string(form.get("vads_trans_id"));
}

}  // namespace

std::string FormDoor::language_for(const http::Request& request, const merchants::Shop& shop, std::string_view wish) {
  if (const auto wished = i18n::language_of_tag(wish)) return std::string(i18n::code(*wished));
  if (i18n::language_from_code(shop.language)) return shop.language;
  return std::string(i18n::code(pages::browser_language(request)));
}

bool FormDoor::is_heard(const http::Request& request, const Refused& refused) {
  const std::string whose = (refused.is_signed ? "signed " : "unsigned ") + base::to_string(refused.shop->shop.id);
  const std::string subscriber = net::subscriber_of(request.remote_address);
  return complaints_.allow(whose + " " + subscriber, kTracesOfAddressPerMinute) &&
         complaints_.allow(whose, kTracesPerMinute);
}

base::Task<void> FormDoor::record_refusal(const http::Request& request, const Refused& refused, const FormError& error,
                                          const std::string& detail) {
  const merchants::Shop& shop = refused.shop->shop;
  const Form form = refused.form.shown();
  const bool mail = refused.is_signed && refused.mode == merchants::Mode::production;
  const platform::RequestTrace trace{.shop = shop.id,
                                     .protocol = std::string(kProtocol),
                                     .code = code_text(error.code),
                                     .field = error.field,
                                     .detail = detail,
                                     .at = around_.services.clock.now(),
                                     .incident = request.request_id,
                                     .mode = std::string(merchants::to_string(refused.mode)),
                                     .is_signed = refused.is_signed,
                                     .reference = std::string(form.get("vads_order_id")),
                                     .key = key_in(form),
                                     .value = error.value};
  const auto traced = co_await around_.services.database.write(
      payments::Services::lane(shop.id), [&](db::Tx& tx) -> base::Result<void> {
        ACQUIT_CHECK(platform::add_trace(tx, trace, around_.services.clock, around_.services.random));
        if (!mail) return {};
        return around_.notifier.queue_form_error_mail(tx, shop,
                                                      {.code = trace.code,
                                                       .field = error.field,
                                                       .rule = error.rule,
                                                       .value = trace.value,
                                                       .reference = trace.reference,
                                                       .transaction = std::string(form.get("vads_trans_id")),
                                                       .incident = trace.incident});
      });
  if (!traced) log_.failed("form_trace", traced.error());
}

base::Task<http::Response> FormDoor::refuse_form(const http::Request& request, Refused refused, FormError error) {
  const auto& shop = refused.shop;
  const merchants::Mode mode = refused.mode;
  const std::string detail = error.detail.empty()
                                 ? i18n::translate(around_.answers.translator(), i18n::Language::en, error.rule)
                                 : error.detail;
  log_.info("form_refused", {{"request", request.request_id},
                             {"shop", shop ? base::to_string(shop->shop.id) : std::string()},
                             {"code", error.code},
                             {"field", error.field},
                             {"rule", detail}});
  if (shop && is_heard(request, refused)) {
    const bool puzzling = error.field == "signature" && mode == merchants::Mode::test;
    if (puzzling && complaints_.allow("signatures", kSignaturesPerMinute)) {
      explain_signature(error, refused.form, *shop, mode);
    }
    co_await record_refusal(request, refused, error, detail);
  }
  pages::Frame frame{.language = i18n::language_from_code(language_for(request, shop ? shop->shop : merchants::Shop{},
                                                                       refused.form.get("vads_language")))
                                     .value_or(i18n::Language::fr)};
  if (shop) frame.shop_name = shop->shop.name;
  frame.test = mode == merchants::Mode::test;
  std::optional<pages::ReturnForm> back;
  if (shop) back = return_from_bad_form(refused.form, *shop, mode, error);
  const pages::PolicyOptions policy{
      .frame_ancestors = shop ? pages::ancestors_of(shop->shop) : std::vector<std::string>{},
      .forms_leave = back.has_value(),
      .frame_sources = {}};
  if (mode == merchants::Mode::production) {
    const pages::FormErrorView view{.frame = frame,
                                    .contact = shop ? shop->shop.contact_email : "",
                                    .request_id = request.request_id,
                                    .perhaps_paid = error.number_used,
                                    .back = back};
    co_return around_.answers.page(400, view, policy);
  }
  const pages::FormErrorTestView view{.frame = frame,
                                      .code = code_text(error.code),
                                      .field = error.field,
                                      .rule = error.rule,
                                      .value = base::mask_card_numbers(error.value),
                                      .signature = signature_details(error, shop.get()),
                                      .back = back};
  http::Response response = around_.answers.page(400, view, policy);
  // For integrators' tools, which need not read the page.
  response.with_header("X-Acquit-Form-Error", code_text(error.code));
  co_return response;
}

}  // namespace acquit::vads

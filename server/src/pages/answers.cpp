#include "pages/answers.h"

#include "base/list.h"
#include "base/log.h"
#include "payments/checkout/payment_token.h"

namespace acquit::pages {

std::vector<std::string> ancestors_of(const merchants::Shop& shop) {
  std::vector<std::string> origins;
  for (const std::string_view origin : base::split(shop.frame_ancestors, ' ')) {
    if (!origin.empty()) origins.emplace_back(origin);
  }
  return origins;
}

i18n::Language browser_language(const http::Request& request) {
  return i18n::negotiate_language(request.header("accept-language"), i18n::all_languages(), i18n::Language::fr);
}

void log_attempt(const http::Request& request, const payments::StepResult& attempt) {
  base::log::info("card_presented", {{"request", request.request_id},
                                     {"payment", attempt.payment.id.hex()},
                                     {"transaction", attempt.transaction.id.hex()}});
}

http::Response Answers::error_page(const http::Request& request, const base::Error& error, ErrorView view,
                                   const merchants::Shop* shop, std::string_view wish) const {
  log_.write(base::error_row(error.code).log_level, "page_failed",
             {{"request", request.request_id},
              {"error", base::error_row(error.code).token},
              {"field", error.field},
              {"detail", error.detail}});
  view.frame.language = i18n::language_of_tag(wish).value_or(browser_language(request));
  view.request_id = request.request_id;
  PolicyOptions policy;
  if (shop != nullptr) policy.frame_ancestors = ancestors_of(*shop);
  return page(base::error_row(error.code).http_status, view, policy);
}

http::Response Answers::failure(const http::Request& request, const base::Error& error, std::string_view wish,
                                const merchants::Shop* shop) const {
  ErrorView view{.frame = {}, .kind = ErrorKind::failure};
  switch (error.consequence()) {
    case base::Consequence::not_done:
      if (error.family() == base::Family::not_found) view.kind = ErrorKind::not_found;
      break;
    case base::Consequence::not_now: view.kind = ErrorKind::busy; break;
    case base::Consequence::undone: view.kind = ErrorKind::bank_busy; break;
    case base::Consequence::perhaps_done: view.kind = ErrorKind::outcome_unknown; break;
    case base::Consequence::broken: break;
  }
  return error_page(request, error, std::move(view), shop, wish);
}

http::Response Answers::payment_failure(const http::Request& request, const base::Error& error,
                                        const std::string& token, const merchants::Shop* shop,
                                        std::string_view wish) const {
  ErrorView view{.frame = {}, .kind = ErrorKind::outcome_unknown};
  std::string page;
  if (payments::read_payment_token(vault_, token)) page = "/pay/" + token;
  bool known = false;
  switch (error.consequence()) {
    case base::Consequence::not_done: known = true; break;
    case base::Consequence::undone:
      view.kind = ErrorKind::bank_busy;
      view.again_url = page;
      return error_page(request, error, std::move(view), shop, wish);
    case base::Consequence::not_now:
    case base::Consequence::perhaps_done: break;
    // A look changes nothing; behind a form the acquirer may have said yes before something broke.
    case base::Consequence::broken: known = request.method != http::Method::post; break;
  }
  if (known) return failure(request, error, wish, shop);
  view.refresh_url = page;
  return error_page(request, error, std::move(view), shop, wish);
}

}  // namespace acquit::pages

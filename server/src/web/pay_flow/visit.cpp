#include "http/web_address.h"
#include "notifications/being_told.h"
#include "payments/checkout/leave.h"
#include "web/pay_flow/flow.h"

namespace acquit::web {

std::string origin_of(std::string_view url) {
  // In a policy it must be nothing else than an address.
  if (!http::is_web_address(url)) return {};
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme + 3;
  std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  return std::string(url.substr(0, begin)) + std::string(authority);
}

pages::PolicyOptions policy_for(const Visit& visit, Forms forms) {
  return {.frame_ancestors = pages::ancestors_of(visit.subject.shop->shop),
          .forms_leave = forms == Forms::leave,
          .frame_sources = {}};
}

base::Task<Flow::VisitResult> Flow::visit(const payments::PaymentName& name) const {
  ACQUIT_CO_TRY(auto shop, co_await services_.directory.find(name.shop));
  ACQUIT_CO_TRY(Visit found, co_await services_.database.read([&](db::ReadTx& tx) -> VisitResult {
    notifications::DeliveryStore::Told told =
        deliveries_.ask_told(tx, name.shop, name.payment, notifications::told_since(services_));
    ACQUIT_TRY(auto whole, services_.store.find_whole(tx, name.shop, name.payment));
    if (!whole) return base::fail(base::ErrorCode::not_found, "no such payment");
    notifications::Subject subject{{std::move(whole->payment), whole->speaking()}, shop};
    ACQUIT_TRY(const bool timed_out, payments::was_left_by_time(services_, tx, subject.transaction));
    ACQUIT_TRY(const bool being_told, notifications::is_being_told(services_, subject, told));
    return Visit{.subject = std::move(subject),
                 .protocol = nullptr,
                 .settings = {},
                 .token = {},
                 .timed_out = timed_out,
                 .being_told = being_told};
  }));
  found.protocol = protocols_.find(found.subject.payment.protocol);
  if (found.protocol == nullptr) co_return base::fail(base::ErrorCode::internal, "a payment of an unknown protocol");
  found.settings = found.protocol->page_settings(found.subject);
  found.token = token_of(name);
  co_return found;
}

pages::Frame Flow::frame(const Visit& visit) const {
  pages::Frame frame{.language = i18n::language_from_code(visit.subject.payment.language).value_or(i18n::Language::fr)};
  for (const std::string& language : visit.settings.languages) {
    if (const auto known = i18n::language_from_code(language)) frame.languages.push_back(*known);
  }
  if (visit.settings.languages.empty()) {
    const auto all = i18n::all_languages();
    frame.languages.assign(all.begin(), all.end());
  }
  frame.language_url = "/pay/" + visit.token;
  frame.shop_name = visit.settings.shop_name;
  frame.amount = visit.subject.payment.amount;
  frame.reference = visit.subject.payment.reference;
  frame.test = visit.subject.payment.mode == merchants::Mode::test;
  frame.embedded = visit.settings.framed;
  frame.simplified = visit.settings.simplified;
  return frame;
}

pages::ReturnForm Flow::return_form(const Visit& visit) const { return visit.protocol->return_form(visit.subject); }

}  // namespace acquit::web

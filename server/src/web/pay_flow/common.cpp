#include <algorithm>

#include "base/list.h"
#include "base/log.h"
#include "http/web_address.h"
#include "web/pay_flow/flow.h"
#include "web/pay_flow/refusals.h"

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

std::vector<std::string> ancestors_of(const merchants::Shop& shop) {
  std::vector<std::string> origins;
  for (const std::string_view origin : base::split(shop.frame_ancestors, ' ')) {
    if (!origin.empty()) origins.emplace_back(origin);
  }
  return origins;
}

pages::PolicyOptions policy_for(const Visit& visit, Forms forms) {
  return {.frame_ancestors = ancestors_of(visit.subject.shop->shop),
          .forms_leave = forms == Forms::leave,
          .frame_sources = {}};
}

void log_attempt(const http::Request& request, const payments::StepResult& attempt) {
  base::log::info("card_presented", {{"request", request.request_id},
                                     {"payment", attempt.payment.id.hex()},
                                     {"transaction", attempt.transaction.id.hex()}});
}

pages::ReturnForm to_return_form(protocols::ReturnTarget target) {
  return {.post = target.mode == protocols::ReturnMode::post,
          .url = http::sent_address(target.url),
          .fields = std::move(target.fields),
          .redirect_s = target.redirect_after_s,
          .redirect_message = std::move(target.redirect_message)};
}

namespace {

// How long the buyer waits for the shop to hear of his payment (lyra.md §2.2).
constexpr std::chrono::seconds kTellFirst{30};

// Calls about a payment that ended within kTellFirst ended after it; clocks of nodes differ a little.
constexpr std::chrono::minutes kToldSince{5};

// The transaction that speaks for the payment: the one that succeeded, else the latest try.
const payments::Transaction& speaking(const std::vector<payments::Transaction>& transactions) {
  const auto good = std::ranges::find_if(transactions, [](const payments::Transaction& t) {
    return t.kind == payments::Kind::debit && payments::is_success(t.state);
  });
  if (good != transactions.end()) return *good;
  const auto latest =
      std::ranges::find(transactions.rbegin(), transactions.rend(), 1, &payments::Transaction::sequence);
  return latest == transactions.rend() ? transactions.back() : *latest;
}

}  // namespace

base::Task<Flow::VisitResult> Flow::visit(const std::string& token) const {
  const auto name = payments::read_payment_token(context_.vault, token);
  if (!name) co_return base::fail(base::ErrorCode::not_found, "no such payment page");
  co_return co_await visit(*name);
}

base::Task<Flow::VisitResult> Flow::visit(const payments::PaymentName& name) const {
  ACQUIT_CO_TRY(auto shop, co_await context_.directory.find(name.shop));
  ACQUIT_CO_TRY(Visit found, co_await context_.database.read([&](db::ReadTx& tx) -> VisitResult {
    notifications::DeliveryStore::Told told =
        deliveries_.ask_told(tx, name.shop, name.payment, context_.clock.now() - kToldSince);
    ACQUIT_TRY(auto whole, context_.store.find_whole(tx, name.shop, name.payment));
    if (!whole) return base::fail(base::ErrorCode::not_found, "no such payment");
    notifications::Subject subject{
        .shop = shop, .payment = std::move(whole->payment), .transaction = speaking(whole->transactions)};
    ACQUIT_TRY(const bool timed_out, ended_by_time(tx, subject));
    ACQUIT_TRY(const bool being_told, is_being_told(subject, told));
    return Visit{.subject = std::move(subject),
                 .transactions = std::move(whole->transactions),
                 .protocol = nullptr,
                 .settings = {},
                 .token = {},
                 .timed_out = timed_out,
                 .being_told = being_told};
  }));
  found.protocol = protocols_(found.subject.payment.protocol);
  if (found.protocol == nullptr) co_return base::fail(base::ErrorCode::internal, "a payment of an unknown protocol");
  found.settings = found.protocol->page_settings(found.subject);
  found.token = payments::make_payment_token(context_.vault, name);
  co_return found;
}

base::Result<bool> Flow::ended_by_time(db::ReadTx& tx, const notifications::Subject& subject) const {
  if (subject.transaction.state != payments::State::abandoned) return false;
  ACQUIT_TRY(const auto history, context_.store.operations_of(tx, subject.payment.shop, subject.transaction.id));
  return std::ranges::any_of(history, [](const payments::Operation& operation) {
    return operation.after == payments::State::abandoned && operation.actor == payments::kActorBatch;
  });
}

// A second tab or a reload must not be faster than the one that made the payment.
base::Result<bool> Flow::is_being_told(const notifications::Subject& subject,
                                       notifications::DeliveryStore::Told& told) const {
  const payments::Payment& payment = subject.payment;
  if (!context_.notify_before_return || !payment.ended_at) return false;
  if (*payment.ended_at + kTellFirst <= context_.clock.now()) return false;
  const bool left = subject.transaction.state == payments::State::abandoned;
  const auto* const rule =
      subject.shop->find_rule(left ? merchants::Rule::cancellation : merchants::Rule::end_of_payment);
  if (rule == nullptr || !rule->enabled) return false;
  if (payment.notification_url.empty() && rule->url(payment.mode).empty()) return false;
  ACQUIT_TRY(const bool was_told, told.of(subject.transaction.id));
  return !was_told;
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

pages::ReturnForm Flow::return_form(const Visit& visit) const {
  return to_return_form(visit.protocol->return_target(visit.subject));
}

http::Response Flow::error_page(const http::Request& request, const base::Error& error, pages::ErrorView view,
                                const merchants::Shop* shop, std::string_view wish) const {
  log_.write(base::error_row(error.code).log_level, "page_failed",
             {{"request", request.request_id},
              {"error", base::error_row(error.code).token},
              {"field", error.field},
              {"detail", error.detail}});
  view.frame.language = i18n::language_of_tag(wish).value_or(
      i18n::negotiate_language(request.header("accept-language"), i18n::all_languages(), i18n::Language::fr));
  view.request_id = request.request_id;
  pages::PolicyOptions policy;
  if (shop != nullptr) policy.frame_ancestors = ancestors_of(*shop);
  return page(base::error_row(error.code).http_status, view, policy);
}

http::Response Flow::failure(const http::Request& request, const base::Error& error, std::string_view wish,
                             const merchants::Shop* shop) const {
  pages::ErrorView view{.frame = {}, .kind = pages::ErrorKind::failure};
  switch (error.consequence()) {
    case base::Consequence::not_done:
      if (error.family() == base::Family::not_found) view.kind = pages::ErrorKind::not_found;
      break;
    case base::Consequence::not_now: view.kind = pages::ErrorKind::busy; break;
    case base::Consequence::undone: view.kind = pages::ErrorKind::bank_busy; break;
    case base::Consequence::perhaps_done: view.kind = pages::ErrorKind::outcome_unknown; break;
    case base::Consequence::broken: break;
  }
  return error_page(request, error, std::move(view), shop, wish);
}

http::Response Flow::payment_failure(const http::Request& request, const base::Error& error, const std::string& token,
                                     const merchants::Shop* shop, std::string_view wish) const {
  pages::ErrorView view{.frame = {}, .kind = pages::ErrorKind::outcome_unknown};
  std::string page;
  if (payments::read_payment_token(context_.vault, token)) page = "/pay/" + token;
  bool known = false;
  switch (error.consequence()) {
    case base::Consequence::not_done: known = true; break;
    case base::Consequence::undone:
      view.kind = pages::ErrorKind::bank_busy;
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

}  // namespace acquit::web

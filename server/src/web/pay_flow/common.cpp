#include <algorithm>

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

pages::PolicyOptions policy_for(const Visit& visit, Forms forms) {
  return {.frame_ancestors = pages::ancestors_of(visit.subject.shop->shop),
          .forms_leave = forms == Forms::leave,
          .frame_sources = {}};
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
  found.protocol = protocols_.find(found.subject.payment.protocol);
  if (found.protocol == nullptr) co_return base::fail(base::ErrorCode::internal, "a payment of an unknown protocol");
  found.settings = found.protocol->page_settings(found.subject);
  found.token = token_of(name);
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

pages::ReturnForm Flow::return_form(const Visit& visit) const { return visit.protocol->return_form(visit.subject); }

}  // namespace acquit::web

// Flow: the buyer's way through the pages: which page a payment shows, what a form of it does. No rule lives here:
// pages are translated into use cases, outcomes into pages.
//
// One object for the whole process; borrows everything; handlers run on any thread of the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded_log.h"
#include "base/rate_counter.h"
#include "http/message.h"
#include "http/router.h"
#include "notifications/delivery.h"
#include "notifications/notifier.h"
#include "pages/assets.h"
#include "pages/pages.h"
#include "payments/checkout/card_refusals.h"
#include "payments/checkout/payment_token.h"
#include "payments/store/context.h"
#include "payments/threeds/authenticate.h"
#include "protocols/protocol.h"
#include "protocols/vads/form.h"
#include "web/pay_flow/card_page.h"

namespace acquit::web {

using Protocols = std::function<const protocols::Protocol*(std::string_view name)>;

/// A payment with all that its pages need.
struct Visit {
  notifications::Subject subject;
  std::vector<payments::Transaction> transactions;  ///< In order; subject.transaction is the one that counts.
  const protocols::Protocol* protocol = nullptr;
  protocols::PageSettings settings;
  std::string token;
  bool timed_out = false;   ///< Ended by time, not by the buyer.
  bool being_told = false;  ///< Ended, and the shop is hearing of it before the buyer comes back.
};

class Flow {
 public:
  Flow(const payments::Context& context, const payments::ThreeDs& threeds, payments::RefusalBook& refusals,
       base::Executor& executor, const notifications::Notifier& notifier, Protocols protocols,
       const pages::Pages& pages)
      : context_(context),
        threeds_(threeds),
        refusals_(refusals),
        executor_(executor),
        complaints_(context.clock, {.length = std::chrono::minutes(1), .subjects_max = 10'000}),
        notifier_(notifier),
        protocols_(std::move(protocols)),
        pages_(pages) {}

  void add_routes(http::Router& router);
  /// Where directory servers bring results: on the buyers' door, or on one of their own.
  void add_results_routes(http::Router& router);

 private:
  using Answer = base::Task<http::Response>;
  using VisitResult = base::Result<Visit>;

  // entry.cpp: the vads form.
  Answer enter(http::Request request);
  Answer enter_checked(const http::Request& request, std::shared_ptr<const merchants::ShopConfig> shop, vads::Form form,
                       merchants::Mode mode);
  Answer pay_silently(std::shared_ptr<const merchants::ShopConfig> shop, vads::Form form, vads::CheckedForm checked,
                      const http::Request& request);
  // To the payment that this very form made before, whatever became of it; nothing if there is none.
  [[nodiscard]] base::Task<std::optional<http::Response>> go_to_earlier(const merchants::ShopConfig& shop,
                                                                        const vads::Form& form) const;
  // What is known of a refused form; the shop is null where it is not.
  struct Refused {
    std::shared_ptr<const merchants::ShopConfig> shop;
    merchants::Mode mode = merchants::Mode::test;
    vads::Form form;
    bool is_signed = false;  // Its signature is right: it is the shop's own.
  };
  /// Whether its sender may complain so often; nothing is written otherwise.
  [[nodiscard]] bool is_heard(const http::Request& request, const Refused& refused);
  base::Task<void> record_refusal(const http::Request& request, const Refused& refused, const vads::FormError& error,
                                  const std::string& detail);
  Answer refuse_form(const http::Request& request, Refused refused, vads::FormError error);
  /// After `error` of the use case that was to make the payment `wanted`.
  Answer not_created(const http::Request& request, Refused refused, const payments::NewPayment& wanted,
                     const base::Error& error);
  Answer perhaps_created(const http::Request& request, const Refused& refused, const payments::NewPayment& wanted,
                         const base::Error& error);

  // show.cpp: which page a payment shows now.
  Answer show(http::Request request);
  base::Task<VisitResult> end_if_over(Visit visit) const;
  Answer change_language(const http::Request& request, Visit visit, i18n::Language language);
  [[nodiscard]] http::Response show_visit(const http::Request& request, const Visit& visit) const;
  /// The page of an authentication under way, from its token.
  Answer show_step(const http::Request& request, Visit visit, const std::string& token) const;
  [[nodiscard]] http::Response show_card(const Visit& visit, CardPage page, const std::string& again) const;
  [[nodiscard]] http::Response show_result(const Visit& visit) const;
  [[nodiscard]] http::Response show_return(const Visit& visit) const;
  [[nodiscard]] http::Response show_waiting(const Visit& visit, pages::WaitingFor what) const;

  // steps.cpp: what the forms do.
  Answer enter_card(http::Request request);
  Answer cancel(http::Request request);
  Answer extend(http::Request request);
  /// What is known of a payment whose card form was posted: by the form itself, or from the database.
  struct Posted {
    payments::PaymentName name;
    std::shared_ptr<const merchants::ShopConfig> shop;
    merchants::Mode mode = merchants::Mode::test;
    bool online = true;  // The buyer himself types; see payments::is_online().
  };
  [[nodiscard]] base::Task<base::Result<Posted>> posted(const std::string& token,
                                                        const std::string& mode_of_form) const;
  Answer pay(const http::Request& request, const Posted& posted, payments::CardEntry card, threeds::Browser browser);
  [[nodiscard]] http::Response not_begun(const http::Request& request, const Posted& posted, const std::string& holder,
                                         const base::Error& error) const;
  Answer after_step(const http::Request& request, std::string token, base::Result<payments::AuthenticationStep> step);
  Answer failed_step(const http::Request& request, base::Error error, std::string token);
  Answer after_authorisation(const http::Request& request, std::string token, payments::StepResult result);
  // To the card form once more: by an address, so that no reload and no way back posts a card again.
  [[nodiscard]] http::Response ask_again(const payments::PaymentName& name, const CardPage& page) const;

  // threeds.cpp: what banks and their pages send.
  Answer method_done(http::Request request);
  Answer show_method_done(http::Request request);
  Answer after_method(http::Request request);
  Answer challenge_done(http::Request request);
  Answer results(http::Request request);

  // common.cpp
  [[nodiscard]] base::Task<VisitResult> visit(const std::string& token) const;
  [[nodiscard]] base::Task<VisitResult> visit(const payments::PaymentName& name) const;
  [[nodiscard]] pages::Frame frame(const Visit& visit) const;
  [[nodiscard]] pages::ReturnForm return_form(const Visit& visit) const;
  /// Before there is a payment. `wish`: the language that a form asks for.
  [[nodiscard]] http::Response failure(const http::Request& request, const base::Error& error,
                                       std::string_view wish = {}, const merchants::Shop* shop = nullptr) const;
  /// From then on: perhaps the money is on its way. `token` as the browser sent it; empty if there is none.
  [[nodiscard]] http::Response payment_failure(const http::Request& request, const base::Error& error,
                                               const std::string& token, const merchants::Shop* shop = nullptr,
                                               std::string_view wish = {}) const;
  [[nodiscard]] http::Response error_page(const http::Request& request, const base::Error& error, pages::ErrorView view,
                                          const merchants::Shop* shop, std::string_view wish = {}) const;
  [[nodiscard]] base::Result<bool> ended_by_time(db::ReadTx& tx, const notifications::Subject& subject) const;
  [[nodiscard]] base::Result<bool> is_being_told(const notifications::Subject& subject,
                                                 notifications::DeliveryStore::Told& told) const;
  template <class View>
  [[nodiscard]] http::Response page(int status, const View& view, const pages::PolicyOptions& policy) const {
    const auto rendered = pages_.render(view);
    if (!rendered) return http::Response::text(500, "The page could not be made.");
    http::Response response = http::Response::html(status, rendered->text);
    response.with_header("Content-Security-Policy", pages::content_security_policy(policy));
    response.compressible = true;  // Who asks names the payment by its secret: there are no cookies.
    return response;
  }

  const payments::Context& context_;
  const payments::ThreeDs& threeds_;
  payments::RefusalBook& refusals_;
  base::Executor& executor_;
  base::RateCounter complaints_;  // Traces and mails about refused forms, by shop: anybody can send bad forms.
  const notifications::Notifier& notifier_;
  notifications::DeliveryStore deliveries_;
  Protocols protocols_;
  const pages::Pages& pages_;
  const base::BoundedLog log_{context_.clock};
};

/// "https://shop.example" of an address, without user and password; empty if it has none.
[[nodiscard]] std::string origin_of(std::string_view url);
/// Where the forms of a page lead: to our own pages only, or to a shop or a bank.
enum class Forms : std::uint8_t { stay, leave };
/// Who may show pages of a shop in a frame.
[[nodiscard]] std::vector<std::string> ancestors_of(const merchants::Shop& shop);
/// The policy for a page of `visit`: who may frame it, as the shop says.
[[nodiscard]] pages::PolicyOptions policy_for(const Visit& visit, Forms forms = Forms::stay);
/// Which payment a request's card was for: later log lines name the transaction, error pages the request.
void log_attempt(const http::Request& request, const payments::StepResult& attempt);
[[nodiscard]] pages::ReturnForm to_return_form(protocols::ReturnTarget target);

}  // namespace acquit::web

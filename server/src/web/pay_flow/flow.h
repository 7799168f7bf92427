// Flow: the buyer's way through the pages: which page a payment shows, what a form of it does. No rule lives here:
// pages are translated into use cases, outcomes into pages.
//
// One object for the whole process; borrows everything; handlers run on any thread of the loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded_log.h"
#include "http/message.h"
#include "http/routes.h"
#include "notifications/delivery.h"
#include "pages/answers.h"
#include "payments/checkout/card_refusals.h"
#include "payments/checkout/payment_token.h"
#include "payments/store/services.h"
#include "payments/threeds/authenticate.h"
#include "protocols/registry.h"
#include "web/pay_flow/card_page.h"
#include "web/pay_flow/forms.h"

namespace acquit::web {

/// A payment with all that its pages need.
struct Visit {
  notifications::Subject subject;  ///< Its transaction is the one that speaks for the payment.
  const protocols::Protocol* protocol = nullptr;
  protocols::PageSettings settings;
  std::string token;
  bool timed_out = false;   ///< Ended by time, not by the buyer.
  bool being_told = false;  ///< Ended, and the shop is hearing of it before the buyer comes back.
};

class Flow {
 public:
  Flow(const payments::Services& services, const payments::ThreeDs& threeds, payments::RefusalBook& refusals,
       base::Executor& executor, const protocols::Registry& protocols, const pages::Answers& answers)
      : services_(services),
        threeds_(threeds),
        refusals_(refusals),
        executor_(executor),
        protocols_(protocols),
        answers_(answers) {}

  static http::Routes<Flow> routes();
  /// Where directory servers bring results: on the buyers' door, or on one of their own.
  static http::Routes<Flow> results_routes();

 private:
  using Answer = base::Task<http::Response>;
  using VisitResult = base::Result<Visit>;

  // routes.cpp: who is let in, and what the forms bring.
  class Holder;  // Of a payment's token.
  using HolderCall = http::Call<payments::PaymentHolder>;
  template <class Fields, auto Work>
  class Form;
  struct Session {
    payments::TokenNames names;
    std::string token;
  };
  base::Task<http::Admission<Session>> admit_session(const http::Request& request);
  struct Results {
    payments::AddressedResults brought;
    std::string answer;  // In the scheme's words, where they are taken.
  };
  base::Task<http::Admission<Results>> admit_results(const http::Request& request);

  // show.cpp: which page a payment shows now.
  Answer show(http::Request request, payments::PaymentName name);
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
  Answer enter_card(HolderCall call, CardForm form);
  Answer cancel(http::Request request, payments::PaymentHolder holder);
  Answer extend(HolderCall call, CardForm form);
  /// What is known of a payment whose card form was posted: by the form itself, or from the database.
  struct Posted {
    payments::PaymentHolder holder;
    std::shared_ptr<const merchants::ShopConfig> shop;
    merchants::Mode mode = merchants::Mode::test;
    bool online = true;  // The buyer himself types; see payments::is_online().
  };
  [[nodiscard]] base::Task<base::Result<Posted>> posted(const payments::PaymentHolder& holder,
                                                        const std::string& mode_of_form) const;
  Answer pay(const http::Request& request, const Posted& posted, payments::CardEntry card, threeds::Browser browser);
  [[nodiscard]] http::Response not_begun(const http::Request& request, const Posted& posted, const std::string& holder,
                                         const base::Error& error) const;
  Answer after_step(const http::Request& request, payments::PaymentName name,
                    base::Result<payments::AuthenticationStep> step);
  Answer failed_step(const http::Request& request, base::Error error, payments::PaymentName name);
  Answer after_authorisation(const http::Request& request, payments::PaymentName name, payments::StepResult result);
  // To the card form once more: by an address, so that no reload and no way back posts a card again.
  [[nodiscard]] http::Response ask_again(const payments::PaymentName& name, const CardPage& page) const;

  // threeds.cpp: what banks and their pages send.
  Answer method_done(http::Call<http::Open::Proof> call, MethodForm form);
  Answer show_method_done(http::Request request);
  Answer after_method(HolderCall call, AfterMethodForm form);
  Answer challenge_done(http::Call<Session> call, ChallengeForm form);
  Answer results(http::Request request, Results results);

  // visit.cpp
  [[nodiscard]] base::Task<VisitResult> visit(const payments::PaymentName& name) const;
  [[nodiscard]] std::string token_of(const payments::PaymentName& name) const {
    return payments::make_payment_token(services_.vault, name);
  }
  [[nodiscard]] pages::Frame frame(const Visit& visit) const;
  [[nodiscard]] pages::ReturnForm return_form(const Visit& visit) const;

  const payments::Services& services_;
  const payments::ThreeDs& threeds_;
  payments::RefusalBook& refusals_;
  base::Executor& executor_;
  notifications::DeliveryStore deliveries_;
  const protocols::Registry& protocols_;
  const pages::Answers& answers_;
  const base::BoundedLog log_{services_.clock};
};

/// "https://shop.example" of an address, without user and password; empty if it has none.
[[nodiscard]] std::string origin_of(std::string_view url);
/// Where the forms of a page lead: to our own pages only, or to a shop or a bank.
enum class Forms : std::uint8_t { stay, leave };
/// The policy for a page of `visit`: who may frame it, as the shop says.
[[nodiscard]] pages::PolicyOptions policy_for(const Visit& visit, Forms forms = Forms::stay);

}  // namespace acquit::web

// FormDoor: where a shop's form comes in (/vads-payment/): it is checked, makes a payment, and the buyer goes on to the
// payment's page; or it is refused, and whoever can mend it is told why.
//
// Belongs to the router that leads to it; borrows its surroundings. Handlers run on any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded_log.h"
#include "base/rate_counter.h"
#include "http/message.h"
#include "http/routes.h"
#include "payments/checkout/create_payment.h"
#include "protocols/protocol.h"
#include "protocols/vads/form.h"

namespace acquit::vads {

class FormDoor {
 public:
  FormDoor(const protocols::Protocol& protocol, const protocols::Surroundings& surroundings)
      : protocol_(protocol),
        around_(surroundings),
        complaints_(around_.services.clock, {.length = std::chrono::minutes(1), .subjects_max = 10'000}) {}

  using Routes = http::Routes<FormDoor, std::shared_ptr<FormDoor>>;
  static Routes routes();

 private:
  using Answer = base::Task<http::Response>;

  // The guard: only a shop's signature leads further.
  base::Task<http::Admission<SignedForm>> admit(const http::Request& request);
  Answer enter(http::Request request, SignedForm sent);
  Answer pay_silently(const SignedForm& sent, CheckedForm checked, const http::Request& request);
  // To the payment that this very form made before, whatever became of it; nothing if there is none.
  [[nodiscard]] base::Task<std::optional<http::Response>> go_to_earlier(const merchants::ShopConfig& shop,
                                                                        const Form& form) const;
  // What is known of a refused form; the shop is null where it is not.
  struct Refused {
    std::shared_ptr<const merchants::ShopConfig> shop;
    merchants::Mode mode = merchants::Mode::test;
    Form form;
    bool is_signed = false;  // Its signature is right: it is the shop's own.
  };
  [[nodiscard]] static Refused signed_refused(const SignedForm& sent);
  // After `error` of the use case that was to make the payment `wanted`.
  Answer not_created(const http::Request& request, Refused refused, const payments::NewPayment& wanted,
                     const base::Error& error);
  Answer perhaps_created(const http::Request& request, const Refused& refused, const payments::NewPayment& wanted,
                         const base::Error& error);

  // form_refusals.cpp
  // Whether its sender may complain so often; nothing is written otherwise.
  [[nodiscard]] bool is_heard(const http::Request& request, const Refused& refused);
  base::Task<void> record_refusal(const http::Request& request, const Refused& refused, const FormError& error,
                                  const std::string& detail);
  Answer refuse_form(const http::Request& request, Refused refused, FormError error);
  // The buyer's: the form's wish, else the shop's, else the browser's.
  [[nodiscard]] static std::string language_for(const http::Request& request, const merchants::Shop& shop,
                                                std::string_view wish);

  const protocols::Protocol& protocol_;
  const protocols::Surroundings around_;
  base::RateCounter complaints_;  // Traces and mails about refused forms, by shop: anybody can send bad forms.
  const base::BoundedLog log_{around_.services.clock};
};

}  // namespace acquit::vads

// Answers: views and errors as HTTP responses, each page with its policy. Used by whoever shows the buyer something:
// the pay page's flow, and the doors of protocols.
//
// Borrows pages, vault and clock; safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bounded_log.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "merchants/shop.h"
#include "pages/assets.h"
#include "pages/pages.h"
#include "payments/ending/step_result.h"
#include "platform/vault/vault.h"

namespace acquit::pages {

/// Who may show pages of a shop in a frame.
[[nodiscard]] std::vector<std::string> ancestors_of(const merchants::Shop& shop);
/// What a buyer reads who has said nothing: of our languages the one that the browser asks for.
[[nodiscard]] i18n::Language browser_language(const http::Request& request);
/// Which payment a request's card was for: later log lines name the transaction, error pages the request.
void log_attempt(const http::Request& request, const payments::StepResult& attempt);

class Answers {
 public:
  Answers(const Pages& pages, const platform::Vault& vault, const base::Clock& clock)
      : pages_(pages), vault_(vault), log_(clock) {}

  template <class View>
  [[nodiscard]] http::Response page(int status, const View& view, const PolicyOptions& policy) const {
    const auto rendered = pages_.render(view);
    if (!rendered) return http::Response::text(500, "The page could not be made.");
    http::Response response = http::Response::html(status, rendered->text);
    response.with_header("Content-Security-Policy", content_security_policy(policy));
    response.compressible = true;  // Who asks names the payment by its secret: there are no cookies.
    return response;
  }
  /// Before there is a payment. `wish`: the language that a form asks for.
  [[nodiscard]] http::Response failure(const http::Request& request, const base::Error& error,
                                       std::string_view wish = {}, const merchants::Shop* shop = nullptr) const;
  /// From then on: perhaps the money is on its way. `token` as the browser sent it; empty if there is none.
  [[nodiscard]] http::Response payment_failure(const http::Request& request, const base::Error& error,
                                               const std::string& token, const merchants::Shop* shop = nullptr,
                                               std::string_view wish = {}) const;
  [[nodiscard]] const i18n::Translator& translator() const { return pages_.translator(); }

 private:
  [[nodiscard]] http::Response error_page(const http::Request& request, const base::Error& error, ErrorView view,
                                          const merchants::Shop* shop, std::string_view wish = {}) const;

  const Pages& pages_;
  const platform::Vault& vault_;
  const base::BoundedLog log_;
};

}  // namespace acquit::pages

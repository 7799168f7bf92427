// The vads side of a payment's page, return and notification: reads the shop's wishes from the form it sent.
#pragma once

#include "protocols/protocol.h"
#include "protocols/vads/form.h"

namespace acquit::vads {

class VadsProtocol final : public protocols::Protocol {
 public:
  [[nodiscard]] std::string_view name() const override { return kProtocol; }
  [[nodiscard]] std::vector<http::ListedRoute> routes() const override;
  void add_routes(http::Router& router, const protocols::Surroundings& surroundings) const override;
  [[nodiscard]] base::Result<notifications::Call> call(const notifications::Occasion& occasion) const override;
  [[nodiscard]] std::string shop_name(const notifications::Subject& subject) const override;
  [[nodiscard]] std::string shop_url(const notifications::Subject& subject) const override;
  [[nodiscard]] protocols::PageSettings page_settings(const notifications::Subject& subject) const override;
  [[nodiscard]] pages::ReturnForm return_form(const notifications::Subject& subject) const override;
};

/// Where the buyer of a form that made no payment goes: with vads_result 30 to vads_url_error, else vads_url_return,
/// where the form was the shop's own; else without a word to the shop's home page.
[[nodiscard]] pages::ReturnForm return_from_bad_form(const Form& form, const merchants::ShopConfig& shop,
                                                     merchants::Mode mode, const FormError& error);

}  // namespace acquit::vads

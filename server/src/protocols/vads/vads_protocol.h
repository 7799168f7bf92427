// The vads side of a payment's page, return and notification: reads the shop's wishes from the form it sent.
#pragma once

#include "protocols/protocol.h"

namespace acquit::vads {

class VadsProtocol final : public protocols::Protocol {
 public:
  [[nodiscard]] std::string notification_body(const notifications::Subject& subject,
                                              std::string_view source) const override;
  [[nodiscard]] std::string_view notification_content_type() const override;
  [[nodiscard]] std::string shop_name(const notifications::Subject& subject) const override;
  [[nodiscard]] std::string shop_url(const notifications::Subject& subject) const override;
  [[nodiscard]] protocols::PageSettings page_settings(const notifications::Subject& subject) const override;
  [[nodiscard]] protocols::ReturnTarget return_target(const notifications::Subject& subject) const override;
};

}  // namespace acquit::vads

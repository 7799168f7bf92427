// Protocol: what the pay page asks of the protocol that a payment came by: how to show it, and how to send the buyer
// back.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form_fields.h"
#include "notifications/formatter.h"

namespace acquit::protocols {

/// How the shop wants the page for one payment.
struct PageSettings {
  std::string shop_name;
  std::string shop_url;
  std::vector<std::string> languages;  ///< Of the selector; one only: no selector; empty: all.
  bool framed = false;                 ///< Runs inside a frame of the shop.
  bool simplified = false;             ///< No header or footer of ours.
};

enum class ReturnMode : std::uint8_t { none, get, post };

/// Where the buyer goes at the end, and with what.
struct ReturnTarget {
  std::string url;
  ReturnMode mode = ReturnMode::none;
  base::FormFields fields;              ///< Empty for none.
  std::optional<int> redirect_after_s;  ///< Automatic redirect; nothing: the buyer clicks.
  std::string redirect_message;         ///< The shop's words; empty: ours.
};

class Protocol : public notifications::Formatter {
 public:
  [[nodiscard]] virtual PageSettings page_settings(const notifications::Subject& subject) const = 0;
  [[nodiscard]] virtual ReturnTarget return_target(const notifications::Subject& subject) const = 0;
};

}  // namespace acquit::protocols

// A vads form: read, checked, signature first, and turned into a NewPayment. Every fault has its form error code.
//
// Source: lyra.md §1.1 to §1.8. Pure but for the clock: the shop is looked up by the caller between the two steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/text.h"
#include "merchants/shop.h"
#include "payments/attempt.h"
#include "payments/card.h"
#include "payments/create_payment.h"

namespace acquit::vads {

/// The fields of a form as sent: vads_ only, in the order sent, and the signature.
struct Form {
  base::FormFields fields;
  std::string signature;

  /// The value of a field; empty if absent or empty.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
};

/// Why a form is refused. Shown on the page in TEST, mailed to the shop in PRODUCTION.
struct FormError {
  int code = 99;             ///< lyra.md §1.8.
  std::string field;         ///< "vads_amount"; "signature".
  std::string rule;          ///< End of a sentence: "must be …".
  std::string value = {};    ///< What was sent; empty where it may be sensitive.
  std::string signed_text = {};  ///< For 00: what we signed, key left out.
  std::vector<std::string> hints = {};  ///< For 00: ids of what is unusual in it, see signature_hints.
};

/// Parses an urlencoded body or query. Error 99 if it can't be read, 70 if it holds no vads_ field; a field sent twice or
/// not in UTF-8 gives its own code.
[[nodiscard]] std::expected<Form, FormError> read_form(std::string_view encoded);

/// The shop's number and mode: what is needed to know the key. Codes 02 and 11.
struct Addressee {
  base::ShopId shop{0};
  merchants::Mode mode = merchants::Mode::test;
};
[[nodiscard]] std::expected<Addressee, FormError> addressee(const Form& form);
[[nodiscard]] FormError unknown_shop(const Form& form);

/// A form whose signature and fields are right.
struct CheckedForm {
  payments::NewPayment payment;
  std::string action_mode;                    ///< INTERACTIVE, IFRAME or SILENT.
  std::optional<payments::CardEntry> card;    ///< SILENT only.
  payments::AuthenticationResult authentication;  ///< SILENT with the shop's own 3-D Secure.
};
[[nodiscard]] std::expected<CheckedForm, FormError> check_form(const Form& form, const merchants::ShopConfig& shop,
                                                               merchants::Mode mode, base::Time now);

/// The form error for a refusal of a use case: which field of the form is to blame.
[[nodiscard]] FormError form_error_for(const base::Error& error, const Form& form);

/// What is unusual about a form whose signature does not match, as ids of messages: "other_algorithm", "other_key_mode",
/// "empty_fields_left_out", "order_of_names", "html_entities", "latin1", "key_blank".
[[nodiscard]] std::vector<std::string> signature_hints(const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode);

}  // namespace acquit::vads

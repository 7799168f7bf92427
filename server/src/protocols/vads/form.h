// A vads form: read, checked, signature first, and turned into a NewPayment. Every fault has its form error code.
//
// Source: lyra.md §1.1 to §1.8. Pure but for the clock: the shop is looked up by the caller between the two steps.
#pragma once

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/form_fields.h"
#include "base/result.h"
#include "merchants/shop.h"
#include "payments/checkout/attempt.h"
#include "payments/checkout/create_payment.h"
#include "payments/nouns/card.h"
#include "payments/nouns/permit.h"
#include "platform/i18n/sentence.h"

namespace acquit::vads {

/// The protocol's name in the database and in the logs.
inline constexpr std::string_view kProtocol = "vads";

/// The fields of a form as sent: vads_ only, in the order sent, and the signature.
struct Form {
  base::FormFields fields;
  std::string signature;

  /// The value of a field; empty if absent or empty.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// The form as it is checked, shown and stored: U+FFFD for what is no UTF-8, as where a module cut a name within a
  /// character. The form itself keeps the bytes, which are what is signed and sent back.
  [[nodiscard]] Form shown() const;
};

/// Why a form is refused. Shown on the page in TEST, mailed to the shop in PRODUCTION.
struct FormError {
  int code = 99;                     ///< lyra.md §1.8.
  std::string field{};               ///< "vads_amount"; "signature"; "form".
  i18n::Sentence rule{};             ///< What the field must be.
  std::string value{};               ///< What was sent; empty where it may be sensitive.
  std::string detail{};              ///< A use case's own words, for log and trace; empty: those of the rule.
  std::string signed_text{};         ///< For 00: what we signed, key left out.
  std::vector<std::string> hints{};  ///< For 00: what is unusual in it, see signature_hints.
  std::vector<i18n::Sentence> signed_otherwise{};  ///< For 00: the fields that were signed in another form than sent.
  bool number_used = false;  ///< Another request had this transaction number today, and may be paid.
  bool is_signed = false;    ///< The form is the shop's own: it may be told of the error by a signed return.
};

/// Of all fields that came those that are the form's. Error 99 if they can't be read or bring a file, 70 if none is
/// called vads_….
[[nodiscard]] std::expected<Form, FormError> read_form(const base::Result<base::FormFields>& sent);

/// The shop's number. Code 02.
[[nodiscard]] std::expected<base::ShopId, FormError> shop_of(const Form& form);
/// The mode, which decides on the key. Code 11.
[[nodiscard]] std::expected<merchants::Mode, FormError> mode_of(const Form& form);
[[nodiscard]] FormError unknown_shop(const Form& form);

/// A form that its shop has signed: proof of who asks. Only check() makes one.
class SignedForm : public payments::Permit {
 public:
  /// In this order: readable (names in UTF-8, each field once), signed, in PRODUCTION under the names that the shop
  /// gave. Takes `form` only if it is.
  [[nodiscard]] static std::expected<SignedForm, FormError> check(Form& form,
                                                                  std::shared_ptr<const merchants::ShopConfig> shop,
                                                                  merchants::Mode mode);

  [[nodiscard]] const Form& form() const { return form_; }
  [[nodiscard]] const std::shared_ptr<const merchants::ShopConfig>& shop() const { return shop_; }
  [[nodiscard]] merchants::Mode mode() const { return mode_; }

 private:
  SignedForm(Form form, std::shared_ptr<const merchants::ShopConfig> shop, merchants::Mode mode)
      : Permit(base::Actor::shop()), form_(std::move(form)), shop_(std::move(shop)), mode_(mode) {}

  Form form_;
  std::shared_ptr<const merchants::ShopConfig> shop_;
  merchants::Mode mode_;
};

/// A form whose signature and fields are right.
struct CheckedForm {
  payments::NewPayment payment;
  std::string action_mode;                        ///< INTERACTIVE, IFRAME or SILENT.
  std::optional<payments::CardEntry> card;        ///< SILENT only.
  payments::AuthenticationResult authentication;  ///< SILENT with the shop's own 3-D Secure.
};
/// In this order: without card numbers where they have no place, each field by its format, the rules between fields.
[[nodiscard]] std::expected<CheckedForm, FormError> check_form(const SignedForm& form, base::Time now);

/// For a form of TEST whose signature does not match: what was signed instead, as far as it is found, told in `error`.
/// Thousands of digests (search_budget), so not for a stranger who asks without end.
void explain_signature(FormError& error, const Form& form, const merchants::ShopConfig& shop, merchants::Mode mode);

/// The form error for a refusal of a use case: which field of the form is to blame.
[[nodiscard]] FormError form_error_for(const base::Error& error, const Form& form);

/// What is unusual about a form whose signature does not match, as ids: "other_algorithm", "other_mode_key",
/// "empty_fields", "field_order", "encoding", "html_escaped", "spaces"; "key" if nothing is.
[[nodiscard]] std::vector<std::string> signature_hints(const Form& form, const merchants::ShopConfig& shop,
                                                       merchants::Mode mode);

}  // namespace acquit::vads

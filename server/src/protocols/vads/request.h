// From a well-formed vads form to the payment it asks for: the rules between fields.
//
// Pure; any thread. Errors are form errors, complete.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "protocols/vads/form.h"

namespace acquit::vads {

/// Only PAYMENT is offered. Asked first: the other actions come without the fields of a payment, and naming one of
/// those would mislead. An absent or unknown action is left to the rules of the fields.
[[nodiscard]] std::optional<FormError> check_page_action(const Form& form);

/// As it is shown, `form` passed check_field for every field. Errors: see lyra.md §1.3 to §1.7.
[[nodiscard]] std::expected<CheckedForm, FormError> to_request(const Form& form, const merchants::ShopConfig& shop,
                                                               merchants::Mode mode, base::Time now);

/// Payment::key of this protocol: the six characters, in whatever case, of a day of UTC (lyra.md §1.3).
[[nodiscard]] std::string payment_key(std::string_view trans_id, std::chrono::sys_days day);

/// How the form is known again; nothing where number or date can't be read.
[[nodiscard]] std::optional<payments::RequestName> request_name(const Form& form);

/// vads_threeds_mpi with the frictionless rule of seed 004: in euro 30 and above the wish is ignored.
[[nodiscard]] payments::ChallengePreference challenge_preference(std::string_view threeds_mpi, base::Money amount,
                                                                 bool frictionless_option);

}  // namespace acquit::vads

// What comes back to the shop: the fields of return and notification, complete and signed (lyra.md §1.12).
//
// The set of names is the same for every outcome, empty where there is nothing to say: clients break on absent ones. A
// payment without a transaction (the buyer left) lacks the few that are recorded as absent from real gateways, such as
// the expiry date: other clients break on these where they are empty.
// vads_hash and vads_url_check_src are in the notification only; clients tell the two apart by it. So is
// vads_unknown_fields, where the form had names that the protocol does not know: these, separated by ";". Values of a
// return are signed as the browser will send them: line breaks in a form's field leave it as CR LF, and U+FFFD stands
// for what is no UTF-8. Those of a notification are the bytes of the form. Either way the shop signs what it gets.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/form_fields.h"
#include "notifications/formatter.h"
#include "protocols/vads/form.h"

namespace acquit::vads {

inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

/// All fields with their signature last. `source`: vads_url_check_src for a notification; empty for the return, which
/// gets along with `room` bytes of a query (see return_room.h).
[[nodiscard]] base::FormFields answer_fields(const notifications::Subject& subject, std::string_view source,
                                             std::size_t room = kNoLimit);

/// The return for a form that made no payment: vads_result 30 and the error's code. The form's signature must have been
/// right: what comes back is signed.
[[nodiscard]] base::FormFields rejection_fields(const Form& form, const merchants::ShopConfig& shop,
                                                merchants::Mode mode, const FormError& error,
                                                std::size_t room = kNoLimit);

/// vads_result (lyra.md §1.12): 00 done, 05 refused, 17 abandoned or cancelled, 96 without an outcome.
[[nodiscard]] std::string_view result_code(const payments::Transaction& transaction);
[[nodiscard]] std::string_view trans_status(const payments::Transaction& transaction);

}  // namespace acquit::vads

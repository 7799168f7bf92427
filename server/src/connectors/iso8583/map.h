// Our requests as ISO 8583 messages, and its answers as ours.
//
//   authorisation   0100 / 0110      reversal   0400 (repeat 0401) / 0410
//   advice          0220 (repeat 0221) / 0230      network management   0800 / 0810
//
// DE 7 is UTC; DE 12 and 13 are the shop's clock when the original was made, in everything that speaks of it. A
// verification carries the condition code 51 in DE 25. A debit has the processing code 000000, a credit 200000. Whose
// an answer is: same class (the second digit of the type), same trace number (DE 11), same transmission time (DE 7);
// whether it can be believed is a question of its own. Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "connectors/acquirer.h"
#include "connectors/iso8583/message.h"

namespace acquit::iso8583 {

enum class NetworkCode : std::uint16_t { sign_on = 1, sign_off = 2, echo = 301 };

/// Errors: amount_out_of_range (negative, or above twelve digits), field_too_long, field_format; `field` names the DE.
[[nodiscard]] base::Result<Message> to_message(const connectors::Authorisation& request);
[[nodiscard]] base::Result<Message> to_message(const connectors::Reversal& request);
[[nodiscard]] base::Result<Message> to_message(const connectors::Advice& request);
[[nodiscard]] base::Result<Message> network_message(const connectors::Trace& trace, NetworkCode code);

/// True if an approval may leave out what it should echo.
enum class Echoes : std::uint8_t { all, those_sent };
/// Whether `answer` is one to `request`: its type, everything that both hold and an answer echoes, a response code,
/// and, if it may hold money, that all of it is echoed; an approval has an authorisation code (paybox.md §5.3). Errors:
/// protocol_violation; `field` names the DE.
[[nodiscard]] base::Result<void> check_answer(const Message& request, const Message& answer, Echoes echoes);

/// What a checked answer says.
[[nodiscard]] connectors::AuthorisationAnswer authorisation_answer(const Message& answer, base::Money asked);
/// What a request and its answer have in common. Nothing if the message lacks DE 7 or 11.
[[nodiscard]] std::optional<std::uint64_t> exchange_key(const Message& message);

/// Which authorisation `answer` approves, or may approve, as far as the answer itself says. `now` gives the year.
[[nodiscard]] std::optional<connectors::LateApproval> approval_in(const Message& answer, base::Time now);

/// True for the type of an answer: an odd third digit (0110, 0230, 0410, 0810).
[[nodiscard]] bool is_answer(const Message& message);
/// The type of the answer to `mti`, repeats too: 0100 → 0110, 0401 → 0410.
[[nodiscard]] std::string answer_type(const std::string& mti);
/// An answer to `request` that echoes what every answer echoes (DE 2, 3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49, 70).
[[nodiscard]] Message answer_to(const Message& request);

/// How DE 90 names the message of `trace`: type 0100, trace number, time.
[[nodiscard]] std::string original_data(const connectors::Trace& trace, const std::string& acquirer_id);
/// MMDDhhmmss, as in DE 7.
[[nodiscard]] std::string transmission_time(base::Time time);

}  // namespace acquit::iso8583

// What travels through the buyer's browser: the 3DS Method call, the challenge form, and what comes back from both.
//
// Pure functions; safe from any thread. What the browser brings back is untrusted: it may be replayed or forged, so it
// only says which transaction to look at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/threeds/authentication.h"

namespace acquit::threeds {

/// challengeWindowSize: the room that the issuer's page gets.
enum class WindowSize : std::uint8_t { w250x400 = 1, w390x400 = 2, w500x600 = 3, w600x400 = 4, full = 5 };

/// The fields of the form that the browser posts to the issuer.
struct ChallengeForm {
  std::string acs_url;
  std::string creq;          ///< Field "creq".
  std::string session_data;  ///< Field "threeDSSessionData"; comes back with the CRes.
};

/// `session` is any text of at most 768 bytes. Errors: wrong_state (no challenge was asked for), field_too_long.
[[nodiscard]] base::Result<ChallengeForm> challenge_form(const AuthenticationAnswer& answer, WindowSize window,
                                                         std::string_view session);

/// Field "threeDSMethodData" of the hidden form that is posted to the range's method_url.
[[nodiscard]] std::string method_data(std::string_view server_transaction_id, std::string_view notification_url);
/// The transaction that a "threeDSMethodData" sent to us is about; protocol_violation if it is not readable.
[[nodiscard]] base::Result<std::string> decode_method_data(std::string_view field);

/// Field "cres". Errors: protocol_violation (also if the issuer sent an Erro instead).
[[nodiscard]] base::Result<ChallengeReturn> decode_cres(std::string_view field);
/// The `session` of challenge_form, from field "threeDSSessionData"; protocol_violation if it is not readable.
[[nodiscard]] base::Result<std::string> decode_session(std::string_view field);

}  // namespace acquit::threeds

// Builds the AReq from an AuthenticationRequest, so that it passes the table that we hold others to.
//
// What is only too long, in another alphabet or of no use is mended or left out; what makes the message meaningless is
// an error. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/threeds/authentication.h"

namespace acquit::threeds {

/// How the directory server knows us.
struct ServerIdentity {
  std::string reference_number;  ///< threeDSServerRefNumber, from the certification; at most 32 characters.
  std::string operator_id;       ///< threeDSServerOperatorID; may be empty.
};

/// The message as JSON. Errors: card_invalid; field_missing, field_format with the AReq's field name.
[[nodiscard]] base::Result<std::string> build_areq(const AuthenticationRequest& request,
                                                   const ServerIdentity& identity);

/// `text` in printable ASCII, other alphabets spelled in Latin letters, at most `max` characters, trimmed.
[[nodiscard]] std::string to_latin(std::string_view text, std::size_t max);

}  // namespace acquit::threeds

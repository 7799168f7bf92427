// DE 48 as Acquit's acquirers speak it: a row of elements, each a tag of two characters, a length of two digits, a
// value of at most 99 characters. ISO 8583 leaves DE 48 to agreement; a host with another agreement gets its own map.
//
//   tag  content
//   40   electronic commerce indicator, two digits
//   41   proof of authentication (CAVV, AAV), base64, 28 characters
//   42   transaction id of the 3-D Secure directory server
//   43   version of 3-D Secure, such as 2.2.0
//   92   security code of the card, 3 or 4 digits: never stored, never logged
//
// Unknown tags are skipped by the reader. Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace acquit::iso8583 {

inline constexpr std::string_view kTagEci = "40";
inline constexpr std::string_view kTagCavv = "41";
inline constexpr std::string_view kTagDsTransactionId = "42";
inline constexpr std::string_view kTagVersion = "43";
inline constexpr std::string_view kTagSecurityCode = "92";

using PrivateData = std::vector<std::pair<std::string, std::string>>;

/// Elements in the order given. Errors: field_too_long (above 99), field_format (a tag not of two characters).
[[nodiscard]] base::Result<std::string> write_private_data(const PrivateData& elements);
/// Errors: field_format.
[[nodiscard]] base::Result<PrivateData> read_private_data(std::string_view text);

}  // namespace acquit::iso8583

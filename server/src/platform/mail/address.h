// Mail addresses: what we accept as one, and lists of them as shops enter them. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace acquit::mail {

/// A bare ASCII address, local@domain, that can stand in a header and in an SMTP command as it is: no quoting, no
/// comments, no white space, at most 254 characters (RFC 5321 §4.5.3.1).
[[nodiscard]] bool is_address(std::string_view text);

/// The addresses of a list separated by ";" (or ","), each once, in order; what is no address is left out.
[[nodiscard]] std::vector<std::string> split_addresses(std::string_view list);

}  // namespace acquit::mail

// The one rule for web addresses that come from outside and go out again, in a header, a page, a call: what is taken at
// the door can be written anywhere. Pure; safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace acquit::http {

/// http or https, a host as it stands in DNS, perhaps user, port, path, query and fragment. No control character,
/// blank, quote or other character that ends an address where one is written; letters of other scripts only behind the
/// host.
[[nodiscard]] bool is_web_address(std::string_view text);

/// `address` as browsers send it: blanks around it dropped, a host in other letters in its xn-- form, and whatever is
/// no printable ASCII, and what would end it, percent-encoded. An address of our own or one that is_web_address takes
/// stays the same otherwise; nothing that comes out can end a header's line.
[[nodiscard]] std::string sent_address(std::string_view address);

/// An address as shops write them: what browsers make an address of. sent_address(text) is_web_address, and `text` has
/// no control character and none of what only an attempt at injection would hold: < > " ` and a backslash.
[[nodiscard]] bool is_link(std::string_view text);

}  // namespace acquit::http

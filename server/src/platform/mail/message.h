// MimeMessage: a mail as RFC 5322 text with MIME parts, made of values that may hold anything without breaking a
// header.
//
// Only ASCII leaves here: headers by RFC 2047, bodies in quoted-printable (RFC 2045 §6.7), lines end with CRLF and stay
// within 76 characters where the format allows it. Control characters in a header value become blanks, so a name can
// never begin a header of its own. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace acquit::mail {

struct MimeMessage {
  std::string id;  ///< Message-ID without angle brackets: "3f…@pay.example.com".
  base::Time date;
  std::string from;       ///< Bare address.
  std::string from_name;  ///< Shown beside it; may be empty.
  std::string reply_to;   ///< Bare address; empty: none.
  std::vector<std::string> to;
  std::string subject;
  std::string text;
  std::string html;      ///< Empty: the mail is plain text only.
  std::string boundary;  ///< Between the parts; must not occur in them (random).
};

/// Addresses must have passed is_address.
[[nodiscard]] std::string compose(const MimeMessage& message);

/// A header line, folded: "Name: value\r\n".
[[nodiscard]] std::string header_line(std::string_view name, std::string_view value);
[[nodiscard]] std::string quoted_printable(std::string_view text);
/// RFC 5322 §3.3: "Sat, 21 Nov 2026 23:57:00 +0000".
[[nodiscard]] std::string mail_date(base::Time time);

}  // namespace acquit::mail

// MIME for reading: one mail's text as people see it: decoded headers, text part, HTML part, names of attachments.
//
// By GMime, which knows nothing of how the platform writes its mails: a judge, not our own inverse. Anything may come
// in: what can't be read is shown as it is. Safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace acquit::sandbox {

struct Attachment {
  std::string name;
  std::string type;
  std::size_t size = 0;  ///< Bytes, decoded.
};

struct ParsedMail {
  std::vector<std::pair<std::string, std::string>> headers;  ///< Unfolded and decoded, in their order.
  std::string text;                                          ///< The first text/plain part, UTF-8.
  std::string html;                                          ///< The first text/html part, UTF-8.
  std::vector<Attachment> attachments;

  /// The first header of that name, upper or lower case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// `raw` has CRLF lines.
[[nodiscard]] ParsedMail parse_mail(std::string_view raw);

}  // namespace acquit::sandbox

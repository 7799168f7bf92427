// ConfigFormat: what the text of a key must look like, so that a value that can only fail later is refused at start.
//
// A value that our own messages carry on (to buyers, banks and mail servers) must fit where they put it. Pure
// functions; safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace acquit::platform {

enum class ConfigFormat : std::uint8_t {
  any,             ///< Anything but control characters.
  words,           ///< One of the words that the key lists.
  listen,          ///< address:port; port 0 means any.
  endpoint,        ///< host:port.
  web_address,     ///< http:// or https://, host, perhaps port, path and query.
  public_address,  ///< http:// or https://, host, perhaps port and path, so short that our paths still fit below it.
  mail_server,     ///< smtp:// or smtps://, host and port.
  mail_address,    ///< somebody@example.com.
  ip_addresses,    ///< Separated by commas; may be empty.
  identifier,      ///< Printable ASCII without blanks around it.
  database,        ///< sqlite:<file>, postgresql:// or postgres://.
  postgresql,      ///< postgresql:// or postgres://.
};

/// The rule of a format, as it completes "key: must be …".
[[nodiscard]] std::string_view rule_of(ConfigFormat format);
/// `value` is not empty. `max`: of an identifier's characters; 0 where the format has its own bound.
[[nodiscard]] bool fits(ConfigFormat format, std::string_view value, std::size_t max = 0);

/// An http or https address in its parts.
struct WebAddress {
  bool secure = false;
  std::string_view host;  ///< Without the brackets of IPv6.
  std::string_view path;  ///< From the first "/" to query or fragment; may be empty.
  std::string_view rest;  ///< From "?" or "#" on.
};
[[nodiscard]] std::optional<WebAddress> parse_web_address(std::string_view text);

/// The address part of "address:port" names every interface: nobody can be sent there.
[[nodiscard]] bool listens_everywhere(std::string_view listen);

}  // namespace acquit::platform

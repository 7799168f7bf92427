#include "platform/config/formats.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
#include "base/list.h"
#include "base/number.h"
#include "http/address_set.h"

namespace acquit::platform {
namespace {

constexpr std::size_t kAddressMax = 2048;
// Our longest path below it (/3ds/challenge-done) must leave it within the 256 characters of a notificationURL.
constexpr std::size_t kPublicMax = 200;
constexpr std::size_t kHostMax = 253;
constexpr std::size_t kLabelMax = 63;
constexpr std::size_t kMailMax = 254;

bool is_letter_or_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_printable_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool is_ip(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(family, std::string(text).c_str(), out.data()) == 1;
}

// Digits and dots only: it must then be a whole IPv4 address, since no name looks so.
bool looks_like_ipv4(std::string_view host) { return host.find_first_not_of("0123456789.") == std::string_view::npos; }

bool is_label(std::string_view label) {
  const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kLabelMax && std::ranges::all_of(label, fits) && label.front() != '-' &&
         label.back() != '-';
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kHostMax) return false;
  if (looks_like_ipv4(host)) return is_ip(AF_INET, host);
  if (host.ends_with('.')) host.remove_suffix(1);
  return std::ranges::all_of(base::split(host, '.'), is_label);
}

bool is_port(std::string_view text, int least) {
  const auto port = base::parse_int<int>(text);
  return port && base::is_digits(text) && *port >= least && *port <= 65'535;
}

struct HostAndPort {
  std::string_view host;
  std::optional<std::string_view> port;
};

// "host", "host:port", "[v6]", "[v6]:port", with a host that can be one.
std::optional<HostAndPort> parse_authority(std::string_view text) {
  HostAndPort parts;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_ip(AF_INET6, text.substr(1, end - 1))) return std::nullopt;
    parts.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    parts.host = text.substr(0, text.find(':'));
    text.remove_prefix(parts.host.size());
    if (!is_host(parts.host)) return std::nullopt;
  }
  if (text.empty()) return parts;
  if (!text.starts_with(':')) return std::nullopt;
  parts.port = text.substr(1);
  return parts;
}

bool is_endpoint(std::string_view text, int least_port) {
  const auto parts = parse_authority(text);
  return parts && parts->port && is_port(*parts->port, least_port);
}

// The address that means "all of this machine's".
bool is_unspecified(std::string_view host) {
  in6_addr v6{};
  if (inet_pton(AF_INET6, std::string(host).c_str(), &v6) != 1) return host == "0.0.0.0";
  return IN6_IS_ADDR_UNSPECIFIED(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && host.ends_with("0.0.0.0"));
}

// Plain segments only: what stands here is compared with the decoded path of a request.
bool is_plain_path(std::string_view path) {
  if (path.empty() || path == "/") return true;
  if (path.ends_with('/')) path.remove_suffix(1);
  return std::ranges::all_of(base::split(path.substr(1), '/'), [](std::string_view segment) {
    const auto fits = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '~'; };
    return !segment.empty() && segment != "." && segment != ".." && std::ranges::all_of(segment, fits);
  });
}

bool is_public_address(std::string_view text) {
  const auto parts = parse_web_address(text);
  return parts && text.size() <= kPublicMax && parts->rest.empty() && is_plain_path(parts->path) &&
         !is_unspecified(parts->host);
}

bool is_web_address(std::string_view text) {
  const auto parts = parse_web_address(text);
  return parts && parts->rest.find('#') == std::string_view::npos;
}

bool is_mail_server(std::string_view text) {
  for (const std::string_view scheme : {"smtp://", "smtps://"}) {
    if (text.starts_with(scheme)) return is_endpoint(text.substr(scheme.size()), 1);
  }
  return false;
}

bool is_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > kMailMax || at == 0 || at == std::string_view::npos || !is_printable_ascii(text)) return false;
  return text.find_first_of("<>(),;:\"\\[]") == std::string_view::npos && is_host(text.substr(at + 1));
}

bool are_ip_addresses(std::string_view text) {
  return std::ranges::all_of(base::split(text, ','), [](std::string_view part) {
    return http::AddressSet::parse({std::string(base::trim(part))}, {}).has_value();
  });
}

bool is_database(std::string_view text) {
  return std::ranges::any_of(std::array{"sqlite:", "postgresql://", "postgres://"}, [&](std::string_view begin) {
    return text.starts_with(begin) && text.size() > begin.size();
  });
}

}  // namespace

std::string_view rule_of(ConfigFormat format) {
  switch (format) {
    case ConfigFormat::any: return "a text without control characters";
    case ConfigFormat::words: return "one of its words";
    case ConfigFormat::listen: return "address:port, such as 127.0.0.1:8080 or [::1]:8080";
    case ConfigFormat::endpoint: return "host:port, with a port from 1 to 65535";
    case ConfigFormat::web_address:
      return "an address that begins with https:// or http:// and names a host, without user, blank or '#'; names in "
             "other letters as xn--…";
    case ConfigFormat::public_address:
      return "an address that begins with https:// or http:// and names a host, perhaps with port and a path of "
             "letters, "
             "digits and -._~, without query, at most 200 characters";
    case ConfigFormat::mail_server: return "smtp://host:port or smtps://host:port";
    case ConfigFormat::mail_address: return "a bare mail address, such as payments@shop.example";
    case ConfigFormat::ip_addresses: return "IP addresses and networks, such as 10.0.0.0/8, separated by commas";
    case ConfigFormat::identifier: return "printable ASCII without blanks";
    case ConfigFormat::database: return "sqlite:<file> or postgresql://…";
    case ConfigFormat::postgresql: return "postgresql://…";
  }
  return "a text";
}

bool fits(ConfigFormat format, std::string_view value, std::size_t max) {
  switch (format) {
    case ConfigFormat::any:
    case ConfigFormat::words: return !base::has_control(value);
    case ConfigFormat::listen: return is_endpoint(value, 0);
    case ConfigFormat::endpoint: return is_endpoint(value, 1);
    case ConfigFormat::web_address: return is_web_address(value);
    case ConfigFormat::public_address: return is_public_address(value);
    case ConfigFormat::mail_server: return is_mail_server(value);
    case ConfigFormat::mail_address: return is_mail_address(value);
    case ConfigFormat::ip_addresses: return are_ip_addresses(value);
    case ConfigFormat::identifier: return is_printable_ascii(value) && (max == 0 || value.size() <= max);
    case ConfigFormat::database: return is_database(value);
    case ConfigFormat::postgresql: return is_database(value) && !value.starts_with("sqlite:");
  }
  return false;
}

std::optional<WebAddress> parse_web_address(std::string_view text) {
  WebAddress parts;
  parts.secure = text.starts_with("https://");
  if (text.size() > kAddressMax || !is_printable_ascii(text) || text.find_first_of("\"<>\\^`{|}") != text.npos) {
    return std::nullopt;
  }
  if (!parts.secure && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(parts.secure ? 8 : 7);
  const std::size_t slash = std::min(text.find_first_of("/?#"), text.size());
  const auto authority = parse_authority(text.substr(0, slash));
  if (!authority || (authority->port && !is_port(*authority->port, 1))) return std::nullopt;
  parts.host = authority->host;
  const std::size_t end = std::min(text.find_first_of("?#", slash), text.size());
  parts.path = text.substr(slash, end - slash);
  parts.rest = text.substr(end);
  return parts;
}

bool listens_everywhere(std::string_view listen) {
  const auto parts = parse_authority(listen);
  return parts && is_unspecified(parts->host);
}

}  // namespace acquit::platform

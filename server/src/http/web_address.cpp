#include "http/web_address.h"

#include <algorithm>

#include "base/text.h"

namespace acquit::http {
namespace {

constexpr std::string_view kEnds = " <>\"\\^`{|}";
constexpr int kPortMax = 65'535;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool ends_it(char c) { return is_control(c) || kEnds.contains(c); }

bool is_host(std::string_view host) {
  if (host.starts_with('[')) {
    return host.ends_with(']') && host.size() > 4 &&
           host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
  }
  return !host.empty() && !host.starts_with('.') && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

bool is_port(std::string_view port) {
  if (port.empty()) return true;
  const auto number = base::is_digits(port) ? base::parse_int<int>(port) : std::nullopt;
  return number && *number >= 1 && *number <= kPortMax;
}

}  // namespace

// Hosts as they stand in DNS, so that what is written into headers and policies is the address itself: a name in other
// letters has to come in its xn-- form, which is what shops see of themselves.
bool is_web_address(std::string_view text) {
  if (std::ranges::any_of(text, ends_it)) return false;
  const std::string scheme = base::ascii_lower(text.substr(0, text.find("://")));
  if (scheme != "http" && scheme != "https") return false;
  const std::string_view rest = text.substr(std::min(text.size(), scheme.size() + 3));
  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  const std::size_t colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (colon == std::string_view::npos) return is_host(authority);
  return is_host(authority.substr(0, colon)) && is_port(authority.substr(colon + 1));
}

std::string sent_address(std::string_view address) {
  std::string out;
  out.reserve(address.size());
  for (const char c : address) {
    if (static_cast<unsigned char>(c) >= 0x80 || ends_it(c)) {
      out += base::url_encode(std::string_view(&c, 1));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace acquit::http

#include "http/web_address.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"
#include "base/domain.h"
#include "base/number.h"
#include "base/percent.h"

namespace acquit::http {
namespace {

constexpr std::string_view kEnds = " <>\"\\^`{|}";
constexpr std::string_view kInjected = "<>\"\\`";
constexpr int kPortMax = 65'535;

// What goes out as it stands: ASCII that ends no address.
constexpr base::PlainBytes kPlain = [] {
  base::PlainBytes bytes{};
  for (int byte = 0; byte < 0x80; ++byte) {
    const char c = static_cast<char>(byte);
    bytes[static_cast<std::size_t>(byte)] = !base::is_control(c) && !kEnds.contains(c);
  }
  return bytes;
}();

// By byte, since every address that goes out is read through. Bytes beyond ASCII end nothing.
bool ends_it(char c) { return static_cast<unsigned char>(c) < 0x80 && !kPlain[static_cast<unsigned char>(c)]; }

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

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// Where the host of an address begins, or its size where it has none.
std::size_t host_begin(std::string_view address) {
  const std::size_t scheme = address.find_first_of(":/?#");
  if (scheme == std::string_view::npos || !address.substr(scheme).starts_with("://")) return address.size();
  const std::size_t authority = scheme + 3;
  const std::size_t at = address.substr(0, address.find_first_of("/?#", authority)).rfind('@');
  return at == std::string_view::npos || at < authority ? authority : at + 1;
}

std::size_t host_size(std::string_view address) {
  const std::string_view rest = address.substr(host_begin(address));
  const std::size_t end = rest.find_first_of("/?#");
  const std::string_view authority = rest.substr(0, end);
  return authority.substr(0, authority.find(':', authority.starts_with('[') ? authority.find(']') : 0)).size();
}

}  // namespace

// Hosts as they stand in DNS, so that what is written into headers and policies is the address itself.
bool is_web_address(std::string_view text) {
  if (std::ranges::any_of(text, ends_it)) return false;
  const std::string scheme = base::ascii_lower(text.substr(0, text.find("://")));
  if (scheme != "http" && scheme != "https") return false;
  const std::string_view host = text.substr(host_begin(text), host_size(text));
  std::string_view port = text.substr(host_begin(text) + host.size());
  port = port.substr(0, port.find_first_of("/?#"));
  return is_host(host) && (port.empty() || (port.starts_with(':') && is_port(port.substr(1))));
}

std::string sent_address(std::string_view address) {
  address = without_blanks(address);
  const std::size_t begin = host_begin(address);
  const std::size_t size = host_size(address);
  const std::string_view host = address.substr(begin, size);
  std::string out;
  out.reserve(address.size());
  base::append_percent_encoded(out, address.substr(0, begin), kPlain);
  base::append_percent_encoded(out, base::ascii_domain(host).value_or(std::string(host)), kPlain);
  base::append_percent_encoded(out, address.substr(begin + size), kPlain);
  return out;
}

bool is_link(std::string_view text) {
  text = without_blanks(text);
  return std::ranges::none_of(text, [](char c) { return base::is_control(c) || kInjected.contains(c); }) &&
         is_web_address(sent_address(text));
}

}  // namespace acquit::http

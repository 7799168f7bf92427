#include "http/shown_url.h"

#include <algorithm>

namespace acquit::http {
namespace {

constexpr std::string_view kMask = "***";

// A host with a port, if it has one, that is a number.
bool is_host_and_port(std::string_view authority) {
  if (authority.ends_with(']')) return true;  // An IPv6 address.
  const std::size_t colon = authority.rfind(':');
  if (colon == std::string_view::npos) return true;
  return std::ranges::all_of(authority.substr(colon + 1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string shown_url(std::string_view url) {
  const std::size_t slashes = url.find("//");
  const std::size_t begin = slashes == std::string_view::npos ? 0 : slashes + 2;
  const std::string_view rest = url.substr(begin);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#\\"));
  // A password with one of these characters in it ends the authority too early, and what is left is no host.
  std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos && !is_host_and_port(authority)) at = rest.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const std::size_t colon = rest.substr(0, at).find(':');
  const std::string_view name = colon == std::string_view::npos ? std::string_view() : rest.substr(0, colon + 1);
  std::string out(url.substr(0, begin));
  out += name;
  out += kMask;
  out += rest.substr(at);
  return out;
}

}  // namespace acquit::http

#include "platform/mail/address.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/list.h"

namespace acquit::mail {
namespace {

constexpr std::size_t kAddressMax = 254;
constexpr std::size_t kLocalMax = 64;

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// RFC 5322 atext.
bool is_atom_character(char c) { return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c); }

bool are_parts(std::string_view text, bool (*allowed)(char)) {
  return std::ranges::all_of(base::split(text, '.'), [&](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, allowed);
  });
}

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.size() > kAddressMax || at > kLocalMax) return false;
  return are_parts(text.substr(0, at), is_atom_character) &&
         are_parts(text.substr(at + 1), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

std::vector<std::string> split_addresses(std::string_view list) {
  std::string separated(list);
  std::ranges::replace(separated, ',', ';');
  std::vector<std::string> out;
  for (const std::string_view entry : base::split(separated, ';')) {
    const std::string address(base::trim(entry));
    if (is_address(address) && std::ranges::find(out, address) == out.end()) out.push_back(address);
  }
  return out;
}

}  // namespace acquit::mail

#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <bit>
#include <string>

#include "base/ascii.h"
#include "net/special_address.h"

namespace acquit::http {

bool is_special_host(std::string_view host) {
  std::string name = base::ascii_lower(host);
  if (name.ends_with('.')) name.pop_back();
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, name.c_str(), &v4.sin_addr) == 1) return net::is_special_address(std::bit_cast<sockaddr>(v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (inet_pton(AF_INET6, name.c_str(), &v6.sin6_addr) != 1) return false;
  return net::is_special_address(reinterpret_cast<const sockaddr&>(v6));
}

}  // namespace acquit::http

#include "net/descriptors.h"

#include <sys/resource.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace acquit::net {

base::Result<void> allow_descriptors(std::uint64_t needed) {
  const auto no = [&](const std::string& why) {
    return base::fail(base::ErrorCode::configuration_invalid,
                      "needs " + std::to_string(needed) + " file descriptors, but " + why);
  };
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return no(std::generic_category().message(errno));
  if (limit.rlim_cur >= needed) return {};  // RLIM_INFINITY is the largest number.
  if (limit.rlim_max < needed) return no("this process may open " + std::to_string(limit.rlim_max) + " at most");
  limit.rlim_cur = needed;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return no(std::generic_category().message(errno));
  return {};
}

}  // namespace acquit::net

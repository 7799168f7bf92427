#include "platform/vault/master_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <system_error>

#include "base/ascii.h"
#include "base/digest.h"
#include "base/hex.h"

namespace acquit::platform {
namespace {

constexpr std::size_t kKeyBytes = 32;

std::unexpected<base::Error> bad(const std::string& path, const std::string& why) {
  return base::fail(base::ErrorCode::configuration_invalid, "master key " + path + ": " + why, "vault.master_key_file");
}

}  // namespace

base::Result<MasterKey> load_master_key(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return bad(path, std::generic_category().message(errno) + "; make one with 'acquit create-master-key --file " +
                         path + "'");
  }
  if ((status.st_mode & 077U) != 0) return bad(path, "others can read it; run 'chmod 600 " + path + "'");
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  const auto bytes = base::from_hex(base::trim(line));
  if (!bytes || bytes->size() != kKeyBytes) return bad(path, "it must hold 64 hex digits on one line");
  std::string raw(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  const auto digest = base::sha256("acquit master key id" + raw);
  return MasterKey{.key = base::SecretKey(std::move(raw)), .id = base::to_hex(std::span(digest).first(8))};
}

base::Result<void> create_master_key(const std::string& path, base::Random& random) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return bad(path, std::generic_category().message(errno));
  const std::string line = random.hex(kKeyBytes) + "\n";
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written) return bad(path, "it could not be written whole; remove it and try again");
  return {};
}

}  // namespace acquit::platform

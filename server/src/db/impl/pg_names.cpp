#include "db/impl/pg_names.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>

namespace acquit::db::impl {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* first) const { freeaddrinfo(first); }
};

std::unexpected<base::Error> not_found(const std::string& host, const std::string& why) {
  return base::fail(base::ErrorCode::database_unavailable, "the name " + host + " is not found: " + why);
}

}  // namespace

struct PgNames::Known {
  struct Name {
    bool asked = false;
    std::uint64_t answers = 0;
    Addresses found;               // Last.
    base::Result<void> last = {};  // What came of the last look-up.
  };
  Resolve resolve;
  std::mutex mutex;
  std::unordered_map<std::string, Name> names;  // Guarded by the mutex.
};

PgNames::PgNames(Resolve resolve) : known_(std::make_shared<Known>()) { known_->resolve = std::move(resolve); }

bool PgNames::is_name(const std::string& host) {
  if (host.empty() || host.front() == '/' || host.front() == '@') return false;
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  // An address of IPv6 may name an interface behind a percent sign; no host name has a colon.
  return host.find(':') == std::string::npos && inet_pton(AF_INET, host.c_str(), bytes.data()) != 1;
}

std::uint64_t PgNames::ask(const std::string& host) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(known_->mutex);
    Known::Name& name = known_->names[host];
    number = name.answers + 1;
    if (std::exchange(name.asked, true)) return number;
  }
  try {
    std::thread([known = known_, host] { look_up(known, host); }).detach();
  } catch (const std::system_error&) {
    look_up(known_, host);  // No thread to be had: better to wait than to know nothing.
  }
  return number;
}

void PgNames::look_up(const std::shared_ptr<Known>& known, const std::string& host) {
  auto found = known->resolve(host);
  const std::lock_guard lock(known->mutex);
  Known::Name& name = known->names[host];
  name.asked = false;
  ++name.answers;
  if (found) {
    name.found = *std::move(found);
    name.last = {};
  } else {
    name.last = std::unexpected(std::move(found).error());
  }
}

std::optional<base::Result<PgNames::Addresses>> PgNames::answer(const std::string& host, std::uint64_t number,
                                                                bool impatient) const {
  const std::lock_guard lock(known_->mutex);
  const Known::Name& name = known_->names[host];
  const bool answered = name.answers >= number;
  if ((answered || impatient) && !name.found.empty()) return name.found;
  if (!answered) return std::nullopt;
  return std::unexpected(name.last.error());
}

base::Result<PgNames::Addresses> PgNames::ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first = nullptr;
  const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &first);
  if (failed != 0) return not_found(host, gai_strerror(failed));
  const std::unique_ptr<addrinfo, FreeAddresses> all(first);
  Addresses out;
  for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::ranges::find(out, text.data()) == out.end()) out.emplace_back(text.data());
  }
  if (out.empty()) return not_found(host, "no address");
  return out;
}

}  // namespace acquit::db::impl

#include "db/testing/far_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <stdexcept>
#include <vector>

namespace acquit::db::testing {
namespace {

constexpr const char* kSocket = ".s.PGSQL.5432";

std::filesystem::path new_directory() {
  std::string name = std::filesystem::temp_directory_path() / "acquit-far-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory for a socket");
  return name;
}

int open_socket(const std::filesystem::path& path, auto use) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (use(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot use " + path.string());
  return made;
}

}  // namespace

/// From one end to the other; each connection has two.
struct FarServer::Way {
  struct Bytes {
    base::Monotonic due;
    std::string bytes;  // Empty: the end.
  };
  int from;
  int to;
  bool ended = false;
  std::deque<Bytes> under_way{};

  void take(base::Monotonic due) {
    std::array<char, 65'536> room{};
    const ssize_t got = read(from, room.data(), room.size());
    ended = got <= 0;
    under_way.push_back(
        {.due = due, .bytes = ended ? std::string() : std::string(room.data(), static_cast<std::size_t>(got))});
  }
  void pass_on(base::Monotonic now) {
    for (; !under_way.empty() && under_way.front().due <= now; under_way.pop_front()) {
      std::string_view left = under_way.front().bytes;
      if (left.empty()) shutdown(to, SHUT_WR);
      while (!left.empty()) {
        const ssize_t sent = send(to, left.data(), left.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        left.remove_prefix(static_cast<std::size_t>(sent));
      }
    }
  }
};

FarServer::FarServer(const PostgresServer& server, base::Milliseconds each_way)
    : near_(server.directory() / kSocket),
      directory_(new_directory()),
      each_way_(each_way),
      listener_(open_socket(directory_ / kSocket, bind)),
      bell_(eventfd(0, EFD_CLOEXEC)) {
  listen(listener_, SOMAXCONN);
  thread_ = std::thread([this] { run(); });
}

FarServer::~FarServer() {
  eventfd_write(bell_, 1);
  thread_.join();
  for (const Way& way : ways_) close(way.from);  // Each end is one way's beginning.
  close(listener_);
  close(bell_);
  std::filesystem::remove_all(directory_);
}

std::string FarServer::url(std::string url) const {
  const std::string near = near_.parent_path();
  return url.replace(url.find(near), near.size(), directory_);
}

void FarServer::take_caller() {
  const int caller = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (caller < 0) return;
  const int server = open_socket(near_, connect);
  ways_.push_back({.from = caller, .to = server});
  ways_.push_back({.from = server, .to = caller});
}

int FarServer::time_left_ms() const {
  base::Monotonic next = base::Monotonic::max();
  for (const Way& way : ways_) {
    if (!way.under_way.empty()) next = std::min(next, way.under_way.front().due);
  }
  if (next == base::Monotonic::max()) return -1;
  const auto left = std::chrono::ceil<base::Milliseconds>(next - clock_.monotonic()).count();
  return static_cast<int>(std::max<std::int64_t>(left, 0));
}

void FarServer::run() {
  for (;;) {
    std::vector<pollfd> sockets = {{.fd = bell_, .events = POLLIN, .revents = 0},
                                   {.fd = listener_, .events = POLLIN, .revents = 0}};
    // poll() passes over what is below zero.
    for (const Way& way : ways_) sockets.push_back({.fd = way.ended ? -1 : way.from, .events = POLLIN, .revents = 0});
    poll(sockets.data(), sockets.size(), time_left_ms());
    if (sockets[0].revents != 0) return;
    const base::Monotonic now = clock_.monotonic();
    std::size_t i = 2;
    for (Way& way : ways_) {
      if (sockets[i++].revents != 0) way.take(now + each_way_.load());
      way.pass_on(now);
    }
    if (sockets[1].revents != 0) take_caller();
  }
}

}  // namespace acquit::db::testing

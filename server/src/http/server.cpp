#include "http/server.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "http/impl/connection.h"
#include "http/impl/tls_context.h"
#include "net/acceptor_asio.h"
#include "net/address.h"
#include "net/loop_asio.h"

namespace acquit::http {
using base::ErrorCode;
using tcp = boost::asio::ip::tcp;
namespace {

constexpr base::Milliseconds kSweepLongest{1'000};
constexpr base::Milliseconds kSweepShortest{5};
// After the grace: how long cut connections get to notice.
constexpr base::Milliseconds kCutTime{300};
// Answered without reading the request: there is no connection to read it with.
std::string no_room(std::string_view why) {
  const std::string body = "service unavailable: too many connections" + std::string(why) + "\n";
  return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nRetry-After: 1\r\nConnection: close\r\n\r\n" + body;
}

// Cuts off late connections every so often. Keeps itself alive between two rounds; stop() ends it.
class Sweep : public std::enable_shared_from_this<Sweep> {
 public:
  explicit Sweep(std::shared_ptr<ServerState> state)
      : state_(std::move(state)), timer_(state_->loop.impl().context), period_(period_of(state_->options)) {}

  void go_on() {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    timer_.expires_after(period_);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
      const base::Monotonic now = self->state_->clock.monotonic();
      self->state_->connections.for_each([now](Connection& connection) { connection.cut_if_late(now); });
      self->go_on();
    });
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    timer_.cancel();
  }

 private:
  // An eighth of the shortest limit is close enough to it.
  static base::Milliseconds period_of(const ServerOptions& o) {
    const auto shortest = std::min({o.header_time, o.body_time, o.idle_time, o.write_time});
    return std::clamp(shortest / 8, kSweepShortest, kSweepLongest);
  }

  std::shared_ptr<ServerState> state_;  // Shared with the connections.
  std::mutex mutex_;
  boost::asio::steady_timer timer_;
  base::Milliseconds period_;
  bool stopped_ = false;
};

class BeastServer final : public Server {
 public:
  explicit BeastServer(std::shared_ptr<ServerState> state)
      : state_(std::move(state)), sweep_(std::make_shared<Sweep>(state_)) {}
  // NOLINTNEXTLINE(bugprone-exception-escape): only for want of memory.
  ~BeastServer() override { stop(base::Milliseconds(0)); }

  base::Result<void> listen();
  std::string url() const override;
  base::Result<void> reload_certificate() override;
  std::optional<base::Time> certificate_ends() const override;
  ServerCounters counters() const override;
  void stop(base::Milliseconds grace) override;

 private:
  void accept(tcp::socket socket);

  std::shared_ptr<ServerState> state_;  // Shared with the connections, which may outlive a stop with no grace.
  std::unique_ptr<TlsContext> tls_;
  std::shared_ptr<net::Acceptor> acceptor_;  // Shared with its own handlers.
  std::shared_ptr<Sweep> sweep_;             // Shared with its own handlers.
};

base::Result<void> BeastServer::listen() {
  const ServerOptions& options = state_->options;
  if (options.certificate_file.empty() != options.key_file.empty()) {
    return base::fail(ErrorCode::configuration_invalid, "give both the certificate and its key, or neither",
                      options.key_file.empty() ? "key_file" : "certificate_file");
  }
  if (options.certificate_file.empty() && !options.client_ca_file.empty()) {
    return base::fail(ErrorCode::configuration_invalid,
                      "clients can show a certificate only where there is one of ours", "certificate_file");
  }
  if (!options.certificate_file.empty()) {
    tls_ = std::make_unique<TlsContext>(options);
    ACQUIT_CHECK(tls_->load());
  }
  ACQUIT_TRY(state_->trusted, AddressSet::parse(options.trusted_proxies, "server.trusted_proxies"));
  ACQUIT_TRY(acceptor_, net::Acceptor::start(state_->loop, options.listen,
                                             [this](tcp::socket socket) { accept(std::move(socket)); }));
  sweep_->go_on();
  return {};
}

void BeastServer::accept(tcp::socket socket) {
  boost::system::error_code gone;
  const std::string address = socket.remote_endpoint(gone).address().to_string();
  if (gone) return;
  const bool trusted = state_->trusted.contains(canonical_address(address).value_or(address));
  const std::string subscriber = trusted ? std::string() : net::subscriber_of(address);
  const auto full = state_->connections.make_room(subscriber);
  if (full != Connections::Full::no) {
    const std::string answer = no_room(full == Connections::Full::total ? "" : " from your address");
    if (!tls_) (void)::send(socket.native_handle(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::shutdown(socket.native_handle(), SHUT_WR);
    return;
  }
  auto connection =
      std::make_shared<Connection>(state_, std::move(socket), tls_ ? tls_->new_connection() : SslPtr(), subscriber);
  base::spawn(connection->serve());
}

std::string BeastServer::url() const {
  const tcp::endpoint& local = acceptor_->local();
  const net::HostPort address{.host = local.address().to_string(), .port = local.port()};
  return (tls_ ? "https://" : "http://") + net::to_string(address);
}

std::optional<base::Time> BeastServer::certificate_ends() const {
  return tls_ ? tls_->certificate_ends() : std::nullopt;
}

ServerCounters BeastServer::counters() const {
  ServerCounters counters = state_->connections.counters();
  counters.handshakes_failed = state_->handshakes_failed;
  return counters;
}

base::Result<void> BeastServer::reload_certificate() {
  if (!tls_) return {};
  ACQUIT_CHECK(tls_->load());
  base::log::info("certificate_reloaded", {{"file", state_->options.certificate_file}});
  return {};
}

void BeastServer::stop(base::Milliseconds grace) {
  if (acceptor_) acceptor_->stop();
  state_->stopping = true;
  Connections& connections = state_->connections;
  connections.for_each([](Connection& connection) { connection.cut_if_idle(); });
  if (!connections.wait_until_none(grace)) {
    connections.for_each([](Connection& connection) { connection.cut(); });
    if (!connections.wait_until_none(kCutTime)) {
      base::log::warning("connections_left", {{"count", connections.counters().connections}});
    }
  }
  sweep_->stop();
}

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, net::Loop& loop, base::Random& random,
                                                    Handler handler) {
  auto state = std::make_shared<ServerState>(options, loop, random, std::move(handler));
  auto server = std::make_unique<BeastServer>(std::move(state));
  ACQUIT_CHECK(server->listen());
  return server;
}

}  // namespace acquit::http

#include "net/acceptor_asio.h"

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "net/address.h"
#include "net/loop_asio.h"

namespace acquit::net {
namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
namespace {

// After a failed accept (no file descriptor left, for instance): time for some to become free.
constexpr std::chrono::milliseconds kPause{50};

base::Result<tcp::endpoint> resolve(asio::io_context& context, const HostPort& where) {
  error_code error;
  const auto address = asio::ip::make_address(where.host, error);
  if (!error) return tcp::endpoint(address, where.port);
  const auto found = tcp::resolver(context).resolve(where.host, std::to_string(where.port), error);
  if (error || found.empty()) {
    return base::fail(base::ErrorCode::configuration_invalid,
                      "\"" + where.host + "\" is no address of this machine; write an IP address");
  }
  return found.begin()->endpoint();
}

}  // namespace

Acceptor::Acceptor(Loop& loop, Accepted accepted)
    : acceptor_(loop.impl().context), pause_(loop.impl().context), accepted_(std::move(accepted)) {}

base::Result<std::shared_ptr<Acceptor>> Acceptor::start(Loop& loop, const std::string& address, Accepted accepted) {
  auto acceptor = std::make_shared<Acceptor>(loop, std::move(accepted));
  ACQUIT_CHECK(acceptor->listen(address));
  const std::lock_guard lock(acceptor->mutex_);
  acceptor->wait_for_next();
  return acceptor;
}

base::Result<void> Acceptor::listen(const std::string& address) {
  ACQUIT_TRY(const HostPort where, parse_address(address));
  ACQUIT_TRY(const tcp::endpoint endpoint,
             resolve(static_cast<asio::io_context&>(pause_.get_executor().context()), where));
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) local_ = acceptor_.local_endpoint(error);
  if (error) {
    return base::fail(base::ErrorCode::connection_failed, "can't listen on " + address + ": " + error.message());
  }
  return {};
}

void Acceptor::wait_for_next() {
  acceptor_.async_accept(
      [self = shared_from_this()](error_code error, tcp::socket socket) { self->handle(error, std::move(socket)); });
}

void Acceptor::handle(error_code error, tcp::socket socket) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  if (!error) {
    failing_ = false;
    accepted_(std::move(socket));
    if (!stopped_) wait_for_next();
    return;
  }
  if (!std::exchange(failing_, true)) base::log::warning("accept_failed", {{"detail", error.message()}});
  pause_.expires_after(kPause);
  pause_.async_wait([self = shared_from_this()](error_code) {
    const std::lock_guard again(self->mutex_);
    if (!self->stopped_) self->wait_for_next();
  });
}

void Acceptor::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace acquit::net

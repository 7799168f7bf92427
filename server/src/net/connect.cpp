#include <boost/asio/bind_executor.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <utility>

#include "base/executor.h"
#include "net/address.h"
#include "net/impl/socket_stream.h"
#include "net/loop_asio.h"
#include "net/stream.h"

namespace acquit::net {
namespace asio = boost::asio;
using base::ErrorCode;
using boost::system::error_code;
using tcp = asio::ip::tcp;
namespace {

// One attempt: resolve, connect, against a timer. Everything runs on its strand; the first to finish answers. A name
// server that does not answer can't be interrupted, so its late word finds the attempt already answered.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  using Outcome = base::Result<std::shared_ptr<Stream>>;

  Attempt(Loop& loop, HostPort where, TlsEnd end)
      : strand_(asio::make_strand(loop.impl().context)),
        resolver_(loop.impl().context),
        socket_(loop.impl().context),
        timer_(loop.impl().context),
        where_(std::move(where)),
        end_(std::move(end)),
        outcome_(loop) {}

  base::Completion<Outcome> start(base::Milliseconds limit) {
    asio::dispatch(strand_, [self = shared_from_this(), limit] {
      self->timer_.expires_after(limit);
      self->timer_.async_wait(asio::bind_executor(self->strand_, [self](error_code error) {
        if (!error) self->finish(base::fail(ErrorCode::timed_out, "no connection to " + to_string(self->where_)));
      }));
      self->resolve();
    });
    return outcome_;
  }

 private:
  void resolve() {
    error_code error;
    const auto address = asio::ip::make_address(where_.host, error);
    if (!error)
      return connect(tcp::resolver::results_type::create(tcp::endpoint(address, where_.port), where_.host, ""));
    resolver_.async_resolve(
        where_.host, std::to_string(where_.port),
        asio::bind_executor(strand_, [self = shared_from_this()](error_code failed, const auto& found) {
          if (self->finished_) return;
          if (!failed) return self->connect(found);
          self->finish(base::fail(ErrorCode::connection_failed, "name not found: " + self->where_.host));
        }));
  }

  void connect(const tcp::resolver::results_type& endpoints) {
    asio::async_connect(
        socket_, endpoints,
        asio::bind_executor(strand_, [self = shared_from_this()](error_code error, const tcp::endpoint&) {
          if (self->finished_) return;
          if (!error) return self->finish(make_stream(std::move(self->socket_), self->end_.tls, self->end_.name));
          self->finish(base::fail(ErrorCode::connection_failed, to_string(self->where_) + ": " + error.message()));
        }));
  }

  void finish(Outcome outcome) {
    if (std::exchange(finished_, true)) return;
    timer_.cancel();
    resolver_.cancel();
    error_code ignored;
    socket_.close(ignored);
    outcome_.set(std::move(outcome));
  }

  asio::strand<asio::io_context::executor_type> strand_;
  tcp::resolver resolver_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  HostPort where_;
  TlsEnd end_;
  base::Completion<Outcome> outcome_;
  bool finished_ = false;
};

}  // namespace

base::Task<base::Result<std::shared_ptr<Stream>>> connect(Loop& loop, std::string address, base::Milliseconds limit,
                                                          TlsEnd end) {
  auto where = parse_address(address);
  if (!where) co_return base::fail(ErrorCode::connection_failed, where.error().detail);
  const base::OsClock clock;
  const base::Monotonic until = clock.monotonic() + limit;
  const bool tls = end.tls != nullptr;
  const auto outcome = std::make_shared<Attempt>(loop, *std::move(where), std::move(end))->start(limit);
  ACQUIT_CO_TRY(auto stream, co_await outcome);
  if (tls) {
    const auto left = std::chrono::ceil<base::Milliseconds>(until - clock.monotonic());
    ACQUIT_CO_CHECK(co_await stream->shake_hands(left));
  }
  co_return stream;
}

}  // namespace acquit::net

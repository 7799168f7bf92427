#include "net/stream.h"

#include <sys/socket.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <coroutine>
#include <cstdint>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "base/wipe.h"
#include "net/acceptor_asio.h"
#include "net/address.h"
#include "net/impl/socket_stream.h"
#include "net/impl/tls_channel.h"
#include "net/loop_asio.h"

namespace acquit::net {
namespace asio = boost::asio;
using base::ErrorCode;
using boost::system::error_code;
using tcp = asio::ip::tcp;
namespace {

constexpr std::size_t kReadAhead = 16 * 1024;

Moved not_moved(int error, Moved::Need until) {
  if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return {.need = until};
  return {.need = Moved::Need::broken, .fault = std::generic_category().message(error)};
}

// A stream does I/O on its own thread as long as the kernel takes and gives; only a wait for readiness goes through
// Asio. A mutex guards the Asio objects, since the reader, the writer and close() may be on three threads.
class SocketStream final : public Stream, public std::enable_shared_from_this<SocketStream> {
 public:
  SocketStream(tcp::socket socket, const std::shared_ptr<Tls>& tls, const std::string& name);

  base::Task<base::Result<TlsSession>> shake_hands(base::Milliseconds limit) override;
  base::Task<base::Result<std::string>> read_some(std::size_t max, base::Milliseconds limit) override;
  base::Task<base::Result<std::string>> read_exactly(std::size_t size, base::Milliseconds limit) override;
  base::Task<base::Result<void>> write(std::string data, base::Milliseconds limit) override;
  void close() override;
  std::string peer() const override { return peer_; }

 private:
  struct Direction {
    explicit Direction(tcp::socket& socket) : timer(socket.get_executor()) {}
    asio::steady_timer timer;
    asio::cancellation_signal cancel;
    std::coroutine_handle<> waiter;
    std::uint64_t turn = 0;  // Tells a timer that its wait is over and another one is under way.
    bool timed_out = false;
  };
  struct Wait;

  // Suspends until the socket is ready, closed, or the deadline has come; false in the last case.
  Wait ready(Direction& direction, tcp::socket::wait_type type, base::Monotonic deadline);
  // Waits for what a call needs to go on; fails where it never will.
  base::Task<base::Result<void>> get(const Moved& moved, Direction& direction, base::Monotonic deadline);
  Moved receive(char* out, std::size_t size);
  Moved send(std::string_view data);
  base::Task<base::Result<void>> fill(base::Monotonic deadline);
  std::string take(std::size_t max);
  base::Monotonic deadline(base::Milliseconds limit) const { return clock_.monotonic() + limit; }

  base::OsClock clock_;
  std::mutex mutex_;
  tcp::socket socket_;
  const int fd_;  // Stays open until the destructor: recv and send need no lock.
  Direction reading_;
  Direction writing_;
  bool closed_ = false;
  std::optional<TlsChannel> channel_;
  std::string peer_;
  std::string inbox_;  // Read but not taken; a read that timed out loses nothing. The reader's own.
};

struct SocketStream::Wait {
  SocketStream& stream;
  Direction& direction;
  tcp::socket::wait_type type;
  base::Monotonic deadline;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    const auto self = stream.shared_from_this();  // The waiter may go on and drop its stream before we return.
    const std::lock_guard lock(self->mutex_);
    Direction& d = direction;
    d.timed_out = false;
    if (self->closed_) return false;
    d.waiter = handle;
    d.timer.expires_at(deadline);
    d.timer.async_wait([self, &d, turn = d.turn](error_code) {
      const std::lock_guard expiring(self->mutex_);
      if (d.turn != turn) return;
      d.timed_out = true;
      d.cancel.emit(asio::cancellation_type::terminal);
    });
    self->socket_.async_wait(type, asio::bind_cancellation_slot(d.cancel.slot(), [self, &d](error_code error) {
                               std::coroutine_handle<> waiter;
                               {
                                 const std::lock_guard finishing(self->mutex_);
                                 ++d.turn;
                                 d.timer.cancel();
                                 d.timed_out = d.timed_out && error;
                                 waiter = std::exchange(d.waiter, nullptr);
                               }
                               waiter.resume();
                             }));
    return true;
  }
  bool await_resume() const { return !direction.timed_out; }
};

SocketStream::SocketStream(tcp::socket socket, const std::shared_ptr<Tls>& tls, const std::string& name)
    : socket_(std::move(socket)), fd_(socket_.native_handle()), reading_(socket_), writing_(socket_) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  const auto remote = socket_.remote_endpoint(ignored);
  peer_ = to_string(HostPort{.host = remote.address().to_string(), .port = remote.port()});
  if (tls) channel_.emplace(*tls, name, fd_);
}

SocketStream::Wait SocketStream::ready(Direction& direction, tcp::socket::wait_type type, base::Monotonic deadline) {
  return Wait{.stream = *this, .direction = direction, .type = type, .deadline = deadline};
}

Moved SocketStream::receive(char* out, std::size_t size) {
  if (channel_) return channel_->receive(out, size);
  const ssize_t got = ::recv(fd_, out, size, MSG_DONTWAIT);
  if (got > 0) return {.bytes = static_cast<std::size_t>(got)};
  return got == 0 ? Moved{.need = Moved::Need::ended} : not_moved(errno, Moved::Need::read);
}

Moved SocketStream::send(std::string_view data) {
  if (channel_) return channel_->send(data);
  const ssize_t sent = ::send(fd_, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent >= 0 ? Moved{.bytes = static_cast<std::size_t>(sent)} : not_moved(errno, Moved::Need::write);
}

base::Task<base::Result<void>> SocketStream::get(const Moved& moved, Direction& direction, base::Monotonic deadline) {
  using enum Moved::Need;
  switch (moved.need) {
    case nothing: co_return base::Result<void>();
    case ended: co_return base::fail(ErrorCode::connection_failed, peer_ + " closed the connection");
    case broken: co_return base::fail(ErrorCode::connection_failed, peer_ + ": " + moved.fault);
    case read:
    case write: break;
  }
  if (co_await ready(direction, moved.need == read ? tcp::socket::wait_read : tcp::socket::wait_write, deadline)) {
    co_return base::Result<void>();
  }
  co_return base::fail(ErrorCode::timed_out,
                       &direction == &reading_ ? "nothing more came from " + peer_ : peer_ + " takes no more data");
}

base::Task<base::Result<TlsSession>> SocketStream::shake_hands(base::Milliseconds limit) {
  const auto self = shared_from_this();
  if (!channel_) co_return TlsSession{};
  const base::Monotonic until = deadline(limit);
  for (;;) {
    const Moved moved = channel_->shake_hands();
    if (moved.need == Moved::Need::nothing) break;
    ACQUIT_CO_CHECK(co_await get(moved, reading_, until));
  }
  co_return channel_->session();
}

// At least one more byte in the inbox.
base::Task<base::Result<void>> SocketStream::fill(base::Monotonic deadline) {
  for (;;) {
    const std::size_t before = inbox_.size();
    Moved got;
    inbox_.resize_and_overwrite(before + kReadAhead, [&](char* data, std::size_t) {
      got = receive(data + before, kReadAhead);
      return before + got.bytes;
    });
    if (got.bytes > 0) co_return base::Result<void>();
    ACQUIT_CO_CHECK(co_await get(got, reading_, deadline));
  }
}

std::string SocketStream::take(std::size_t max) {
  std::string taken = inbox_.substr(0, max);
  base::wipe_front(inbox_, max);
  return taken;
}

base::Task<base::Result<std::string>> SocketStream::read_some(std::size_t max, base::Milliseconds limit) {
  const auto self = shared_from_this();
  if (inbox_.empty()) ACQUIT_CO_CHECK(co_await fill(deadline(limit)));
  co_return take(max);
}

base::Task<base::Result<std::string>> SocketStream::read_exactly(std::size_t size, base::Milliseconds limit) {
  const auto self = shared_from_this();
  const base::Monotonic until = deadline(limit);
  while (inbox_.size() < size) ACQUIT_CO_CHECK(co_await fill(until));
  co_return take(size);
}

base::Task<base::Result<void>> SocketStream::write(std::string data, base::Milliseconds limit) {
  const auto self = shared_from_this();
  const base::Monotonic until = deadline(limit);
  std::string_view rest = data;
  while (!rest.empty()) {
    const Moved sent = send(rest);
    rest.remove_prefix(sent.bytes);
    if (sent.bytes == 0) ACQUIT_CO_CHECK(co_await get(sent, writing_, until));
  }
  co_return base::Result<void>();
}

// Both ends see the end of the stream at once; the descriptor itself goes with the last owner, so it is never reused
// under a reader.
void SocketStream::close() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(closed_, true)) return;
  if (channel_) channel_->say_goodbye();
  ::shutdown(fd_, SHUT_RDWR);
}

class SocketListener final : public Listener {
 public:
  explicit SocketListener(std::shared_ptr<Acceptor> acceptor) : acceptor_(std::move(acceptor)) {}
  ~SocketListener() override { acceptor_->stop(); }
  int port() const override { return acceptor_->local().port(); }
  void stop() override { acceptor_->stop(); }

 private:
  std::shared_ptr<Acceptor> acceptor_;  // Shared with its own handlers.
};

}  // namespace

std::shared_ptr<Stream> make_stream(tcp::socket socket, const std::shared_ptr<Tls>& tls, const std::string& name) {
  return std::make_shared<SocketStream>(std::move(socket), tls, name);
}

base::Result<std::unique_ptr<Listener>> Listener::start(Loop& loop, const std::string& address,
                                                        std::function<void(std::shared_ptr<Stream>)> accepted,
                                                        std::shared_ptr<Tls> tls) {
  ACQUIT_TRY(auto acceptor,
             Acceptor::start(loop, address, [accepted = std::move(accepted), tls = std::move(tls)](tcp::socket socket) {
               accepted(make_stream(std::move(socket), tls, {}));
             }));
  return std::make_unique<SocketListener>(std::move(acceptor));
}

}  // namespace acquit::net

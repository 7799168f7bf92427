#include "http/impl/transport.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "http/impl/forwarded.h"

namespace acquit::http {
namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

struct Transport::Ready {
  tcp::socket& socket;
  tcp::socket::wait_type type;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const {
    socket.async_wait(type, [handle](error_code) { handle.resume(); });
  }
  void await_resume() const noexcept {}
};

Transport::Transport(tcp::socket socket, SslPtr ssl)
    : socket_(std::move(socket)), fd_(socket_.native_handle()), ssl_(std::move(ssl)) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  const std::string address = socket_.remote_endpoint(ignored).address().to_string();
  peer_ = canonical_address(address).value_or(address);
  if (ssl_ && SSL_set_fd(ssl_.get(), fd_) != 1) broken_ = true;
}

Transport::Ready Transport::ready(Need need) {
  return Ready{.socket = socket_, .type = need == Need::write ? tcp::socket::wait_write : tcp::socket::wait_read};
}

Transport::Need Transport::need_of(int result) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return Need::read;
    case SSL_ERROR_WANT_WRITE: return Need::write;
    case SSL_ERROR_ZERO_RETURN: return Need::nothing;
    default: broken_ = true; return Need::broken;
  }
}

base::Task<bool> Transport::handshake() {
  while (ssl_ && !broken_) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    if (result == 1) break;
    const Need need = need_of(result);
    if (need == Need::nothing || need == Need::broken) co_return false;
    co_await ready(need);
  }
  co_return !broken_;
}

std::size_t Transport::receive(std::span<char> out, Need& need) {
  if (ssl_) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()));
    if (got > 0) return static_cast<std::size_t>(got);
    need = need_of(got);
    return 0;
  }
  const ssize_t got = ::recv(fd_, out.data(), out.size(), MSG_DONTWAIT);
  if (got > 0) {
    drained_ = static_cast<std::size_t>(got) < out.size();
    return static_cast<std::size_t>(got);
  }
  if (got == 0) return 0;
  need = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Need::read : Need::broken;
  return 0;
}

base::Task<std::size_t> Transport::read_some(std::span<char> out) {
  while (!broken_) {
    if (std::exchange(drained_, false)) co_await ready(Need::read);
    Need need = Need::nothing;
    const std::size_t got = receive(out, need);
    if (need == Need::nothing || need == Need::broken) co_return got;
    co_await ready(need);
  }
  co_return 0;
}

std::size_t Transport::send(std::string_view data, Need& need) {
  if (ssl_) {
    ERR_clear_error();
    const int sent = SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size()));
    if (sent > 0) return static_cast<std::size_t>(sent);
    need = need_of(sent);
    return 0;
  }
  const ssize_t sent = ::send(fd_, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  need = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Need::write : Need::broken;
  return 0;
}

base::Task<std::size_t> Transport::write_some(std::string_view data) {
  while (!broken_) {
    Need need = Need::nothing;
    const std::size_t sent = send(data, need);
    if (need == Need::nothing || need == Need::broken) co_return sent;
    co_await ready(need);
  }
  co_return 0;
}

void Transport::finish_writing() {
  // One try for the close_notify: if the socket's buffer is full, the peer is not listening anyway.
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get())) (void)SSL_shutdown(ssl_.get());
  ERR_clear_error();
  ::shutdown(fd_, SHUT_WR);
}

void Transport::shut_reading() { ::shutdown(fd_, SHUT_RD); }
void Transport::shut() { ::shutdown(fd_, SHUT_RDWR); }

}  // namespace acquit::http

// Transport: the bytes of one HTTP connection, plain or through TLS; for http/'s .cpp files (shows Asio).
//
// One coroutine uses it. Data moves by non-blocking calls of our own and Asio only tells when the socket is ready, so a
// waiting connection holds no buffer and plain and TLS share one path. It sets no time limits: whoever does calls
// shut_reading() or shut() from any thread while the transport lives, and the coroutine sees the end of the stream.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <coroutine>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/task.h"
#include "http/impl/tls_context.h"

namespace acquit::http {

class Transport {
 public:
  /// `ssl` null: plain.
  Transport(boost::asio::ip::tcp::socket socket, SslPtr ssl);

  /// Nothing to do when plain. False: the connection is of no use.
  [[nodiscard]] base::Task<bool> handshake();
  /// Bytes read, at least one; 0 at the end of the stream or when it broke.
  [[nodiscard]] base::Task<std::size_t> read_some(std::span<char> out);
  /// Some of `data` (not empty), at least one byte; 0 when the connection broke.
  [[nodiscard]] base::Task<std::size_t> write_some(std::string_view data);
  /// Says that nothing more will be sent.
  void finish_writing();

  void shut_reading();
  void shut();

  [[nodiscard]] bool secure() const { return ssl_ != nullptr; }
  [[nodiscard]] const std::string& peer() const { return peer_; }  ///< A canonical IP address.

 private:
  enum class Need : std::uint8_t { nothing, read, write, broken };
  struct Ready;
  Ready ready(Need need);
  // What a TLS call with this result waits for.
  Need need_of(int result);
  std::size_t receive(std::span<char> out, Need& need);
  std::size_t send(std::string_view data, Need& need);

  boost::asio::ip::tcp::socket socket_;
  int fd_;
  SslPtr ssl_;
  bool broken_ = false;
  bool drained_ = false;  // The last read took all there was: no use to try again before the socket is ready.
  std::string peer_;
};

}  // namespace acquit::http

// Stream and Listener: TCP byte streams for protocols of our own (ISO 8583, SMTP), as coroutines with time limits.
//
// A Stream is used by one reader and one writer coroutine at a time; close() may come from any thread and makes both
// end with connection_failed. In clear, or through TLS.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "net/loop.h"
#include "net/tls.h"

namespace acquit::net {

class Stream {
 public:
  virtual ~Stream() = default;
  /// Agrees with the other side, before anything else is sent; nothing to do in clear. Whoever does not call it shakes
  /// hands with his first read or write. Errors: connection_failed (the detail says whose certificate is at fault),
  /// timed_out.
  [[nodiscard]] virtual base::Task<base::Result<TlsSession>> shake_hands(base::Milliseconds limit) = 0;
  /// Some bytes, at least one and at most `max`. Errors: connection_failed (also end of stream), timed_out.
  [[nodiscard]] virtual base::Task<base::Result<std::string>> read_some(std::size_t max, base::Milliseconds limit) = 0;
  /// Just `size` bytes.
  [[nodiscard]] virtual base::Task<base::Result<std::string>> read_exactly(std::size_t size,
                                                                           base::Milliseconds limit) = 0;
  /// All of `data`.
  [[nodiscard]] virtual base::Task<base::Result<void>> write(std::string data, base::Milliseconds limit) = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual std::string peer() const = 0;
};

/// Encrypts what is connected; see Tls.
struct TlsEnd {
  std::shared_ptr<Tls> tls{};  ///< Null: in clear.
  std::string name{};          ///< A host name or an IP address that the other side's certificate has to hold.
};

/// Connects to "host:port", and shakes hands; both within `limit`. Errors: connection_failed, timed_out.
[[nodiscard]] base::Task<base::Result<std::shared_ptr<Stream>>> connect(Loop& loop, std::string address,
                                                                        base::Milliseconds limit, TlsEnd end = {});

class Listener {
 public:
  virtual ~Listener() = default;
  /// Calls `accepted` on the loop for every connection; with `tls`, before its handshake.
  static base::Result<std::unique_ptr<Listener>> start(Loop& loop, const std::string& address,
                                                       std::function<void(std::shared_ptr<Stream>)> accepted,
                                                       std::shared_ptr<Tls> tls = nullptr);
  [[nodiscard]] virtual int port() const = 0;
  virtual void stop() = 0;
};

}  // namespace acquit::net

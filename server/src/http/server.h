// Server: HTTP/1.1 on net::Loop by Beast, plain or TLS: keep-alive, limits, slow clients cut off, graceful stop.
//
// Every limit has a default here and a config key. Refusals before a handler runs: 400 (bad request line, path, host),
// 408 (too slow), 413, 414, 431, 501 (transfer coding, method), 503 (too many connections). The certificate is read
// again by reload_certificate(). Exceptions that leave a handler become 500 with the request id, and are logged.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "http/message.h"
#include "net/loop.h"

namespace acquit::http {

struct ServerOptions {
  std::string listen{};            ///< "127.0.0.1:18080", "[::1]:0"; port 0 means any free port.
  std::string certificate_file{};  ///< PEM chain; with key_file: TLS 1.2 and 1.3. Both empty: plain HTTP.
  std::string key_file{};
  std::vector<std::string> trusted_proxies{};  ///< Addresses whose X-Forwarded-For and -Proto are believed.
  std::size_t header_max = 16U << 10U;
  std::size_t body_max = 256U << 10U;
  std::size_t connections_max = 10'000;
  base::Milliseconds header_time{10'000};  ///< From the first byte of a request to the end of its headers.
  base::Milliseconds body_time{20'000};
  base::Milliseconds idle_time{60'000};     ///< Between two requests of a connection.
  base::Milliseconds handler_time{40'000};  ///< Request::deadline; longer than a notification may take.
  base::Milliseconds write_time{20'000};
};

class Server {
 public:
  virtual ~Server() = default;
  /// Listens at once. Errors: configuration_invalid (address, certificate; says what to do), connection_failed (port
  /// taken).
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, net::Loop& loop,
                                                     base::Random& random, Handler handler);
  /// "http://127.0.0.1:18080" with the port it really has.
  [[nodiscard]] virtual std::string url() const = 0;
  virtual base::Result<void> reload_certificate() = 0;
  /// Stops accepting, lets requests in flight end (at most `grace`), closes. Blocks; not from a loop thread.
  virtual void stop(base::Milliseconds grace) = 0;
};

}  // namespace acquit::http

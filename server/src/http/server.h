// Server: HTTP/1.1 on net::Loop by Beast, plain or TLS: keep-alive, limits, slow clients cut off, graceful stop.
//
// Every limit has a default here and a config key. Refusals before a handler runs: 400 (bad request line, path, host),
// 408 (too slow), 413, 414, 431, 501 (transfer coding, method), 503 (too many connections or bytes in memory, in total
// or from one subscriber; those that only wait are sent away first, so that others get in). The certificate is read
// again by reload_certificate(). Exceptions that leave a handler become 500 with the request id, and are logged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
  /// PEM certificates of who vouches for clients, each of which must then show a certificate of its own; empty: none
  /// must.
  std::string client_ca_file{};
  /// Names of which a client's certificate must hold one (alternative name, or common name where it has none);
  /// empty: any that client_ca_file vouches for.
  std::vector<std::string> client_names{};
  /// Addresses and networks whose X-Forwarded-For and -Proto are believed.
  std::vector<std::string> trusted_proxies{};
  /// Content-Security-Policy of every answer that brings none of its own, refusals included; empty: none.
  std::string policy{};
  std::size_t header_max = 16U << 10U;
  std::size_t body_max = kBodyMax;
  /// The same for one route, as of Router::body_max_of with the path as it was asked; nothing: body_max.
  std::function<std::optional<std::size_t>(Method, std::string_view path)> body_max_of{};
  std::size_t connections_max = 10'000;
  std::size_t connections_per_subscriber = 1'000;  ///< One IPv4 address or /64 of IPv6; not of a trusted proxy.
  std::size_t buffered_max = 128U << 20U;          ///< Bytes of requests and answers in memory, of all connections.
  std::size_t buffered_per_subscriber = 16U << 20U;
  base::Milliseconds header_time{10'000};  ///< From the first byte of a request to the end of its headers.
  base::Milliseconds body_time{20'000};
  base::Milliseconds idle_time{60'000};     ///< Between two requests of a connection.
  base::Milliseconds handler_time{40'000};  ///< Request::deadline; longer than a notification may take.
  base::Milliseconds write_time{20'000};
};

struct ServerCounters {
  std::size_t connections = 0;
  std::size_t idle = 0;  ///< Of these: between two requests.
  std::size_t buffered_bytes = 0;
  std::uint64_t evicted = 0;            ///< Told to go to make room for others.
  std::uint64_t refused = 0;            ///< Connections that there was no room for.
  std::uint64_t handshakes_failed = 0;  ///< TLS that came to nothing: no certificate, a wrong one, too slow.
};

class Server {
 public:
  /// File descriptors beyond connections_max: those that leave while others come, and the listening socket.
  static constexpr std::size_t kSpareDescriptors = 72;

  virtual ~Server() = default;
  /// Listens at once. Errors: configuration_invalid (address, certificate; says what to do), connection_failed (port
  /// taken).
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, net::Loop& loop,
                                                     base::Random& random, Handler handler);
  /// "http://127.0.0.1:18080" with the port it really has.
  [[nodiscard]] virtual std::string url() const = 0;
  virtual base::Result<void> reload_certificate() = 0;
  /// When the server's certificate ends; nothing without TLS.
  [[nodiscard]] virtual std::optional<base::Time> certificate_ends() const = 0;
  [[nodiscard]] virtual ServerCounters counters() const = 0;
  /// Stops accepting, lets requests in flight end (at most `grace`), closes. Blocks; not from a loop thread.
  virtual void stop(base::Milliseconds grace) = 0;
};

}  // namespace acquit::http

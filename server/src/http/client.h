// Client: outgoing HTTP by libcurl, many at once on one thread, each with a time limit.
//
// In production mode it refuses loopback, private, link-local and other special addresses after name resolution (no
// server-side request forgery); it never follows redirects, so a POST is never repeated elsewhere; it sends
// `User-Agent: Acquit/VERSION`. Answers larger than the limit are cut, not refused. Safe from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "http/message.h"
#include "net/tls.h"

namespace acquit::http {

struct ClientOptions {
  bool allow_private_addresses = false;  ///< True in tests and the demo only.
  /// Who vouches for peers, and who we are to those that ask; read again, it counts for new connections. Null: the
  /// system's list, and nobody.
  std::shared_ptr<const net::Tls> tls{};
  std::size_t connections_max = 256;
  /// To one host and port. Where it is less than all, peers that fail or take long have fewer (base/places.h), so that
  /// many who hang leave the others theirs.
  std::size_t connections_per_peer = 256;
};

struct OutgoingRequest {
  Method method = Method::post;
  std::string url{};  ///< http or https; a user and password in it go out as Basic authentication.
  Headers headers{};
  std::string body{};
  base::Milliseconds time_limit{30'000};
  std::size_t body_max = 1U << 20U;  ///< Bytes of the answer that are kept.
};

struct IncomingResponse {
  int status = 0;
  Headers headers{};  ///< Names in lower case.
  std::string body{};
  base::Milliseconds duration{0};
};

class Client {
 public:
  virtual ~Client() = default;
  /// Any HTTP status is a value. Errors: address_not_allowed, connection_failed (detail says how: name not found,
  /// refused, TLS…; the request never left), timed_out and protocol_violation (nothing is known of what the peer did),
  /// lane_full (never sent: too many wait, or no connection was free in time), cancelled (the client went),
  /// field_format (URL or header can't be sent).
  [[nodiscard]] virtual base::Task<base::Result<IncomingResponse>> send(OutgoingRequest request) = 0;

  /// Cancels what is under way and refuses what comes after. For good.
  virtual void stop() = 0;

  static std::unique_ptr<Client> make(const ClientOptions& options, base::Executor& executor);
};

}  // namespace acquit::http

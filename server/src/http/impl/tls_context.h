// TlsContext: certificate and key of the server, read from files, swapped for new connections without a pause.
//
// Where it knows who vouches for clients it lets in none without a certificate of theirs. Versions and suites are those
// of net/tls_openssl.h. Safe from any thread.
#pragma once

#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "http/server.h"
#include "net/tls_openssl.h"

namespace acquit::http {

using net::SslContextPtr;
using net::SslPtr;

class TlsContext {
 public:
  /// `options` must outlive the connections, as those of ServerState do.
  explicit TlsContext(const ServerOptions& options) : options_(options) {}

  /// Reads both files; on an error what was loaded before stays. Errors: configuration_invalid, saying what to do.
  base::Result<void> load();
  /// The server's side of a new connection; load() must have succeeded. Null only if memory is short.
  [[nodiscard]] SslPtr new_connection();
  [[nodiscard]] std::optional<base::Time> certificate_ends() const;

 private:
  const ServerOptions& options_;
  mutable std::mutex mutex_;
  SslContextPtr context_;  // Connections hold their own count on it.
};

}  // namespace acquit::http

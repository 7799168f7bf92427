// TlsContext: certificate and key of the server, read from files, swapped for new connections without a pause.
//
// TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3. Safe from any thread.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"

namespace acquit::http {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;
using SslContextPtr = std::unique_ptr<SSL_CTX, SslFree>;

class TlsContext {
 public:
  TlsContext(std::string certificate_file, std::string key_file);

  /// Reads both files; on an error what was loaded before stays. Errors: configuration_invalid, saying what to do.
  base::Result<void> load();
  /// The server's side of a new connection; load() must have succeeded. Null only if memory is short.
  [[nodiscard]] SslPtr new_connection();

 private:
  std::string certificate_file_;
  std::string key_file_;
  std::mutex mutex_;
  SslContextPtr context_;  // Connections hold their own count on it.
};

}  // namespace acquit::http

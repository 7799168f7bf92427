// TlsContext: certificate and key of the server, read from files, swapped for new connections without a pause.
//
// Versions and suites are those of net/tls_openssl.h. Safe from any thread.
#pragma once

#include <mutex>
#include <string>

#include "base/result.h"
#include "net/tls_openssl.h"

namespace acquit::http {

using net::SslContextPtr;
using net::SslPtr;

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

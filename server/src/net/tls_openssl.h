// The inside of TLS, for .cpp files of net/ and http/ only: the one header of net/ that shows OpenSSL.
//
// Which versions and suites are spoken, and how a certificate is read, is said here once. Values; a context is shared
// by the connections made of it, which hold their own count on it.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/tls.h"

namespace acquit::net {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;
using SslContextPtr = std::unique_ptr<SSL_CTX, SslFree>;

/// TLS 1.2 and 1.3 as we speak them. Errors: configuration_invalid.
[[nodiscard]] base::Result<SslContextPtr> new_context(const SSL_METHOD* method);
/// Reads a chain and its key. Errors: configuration_invalid, field certificate_file or key_file.
[[nodiscard]] base::Result<void> use_certificate(SSL_CTX& context, const std::string& certificate_file,
                                                 const std::string& key_file);
/// Lets a client's context that somebody else made, as libcurl does, trust and show what `tls` does.
void lend(const Tls& tls, SSL_CTX& context);
/// A server wants a certificate of every client, signed by one of `ca_file`; `check` as for SSL_CTX_set_verify. No
/// session is taken up again: each handshake asks anew. Errors: configuration_invalid, field ca_file.
[[nodiscard]] base::Result<void> demand_certificates(SSL_CTX& context, const std::string& ca_file,
                                                     SSL_verify_cb check = nullptr);
/// Whom we believe. Errors: configuration_invalid, field ca_file.
[[nodiscard]] base::Result<void> trust_file(SSL_CTX& context, const std::string& ca_file);
/// OpenSSL's words for the oldest error of this thread, empty if there is none; forgets all of them.
[[nodiscard]] std::string take_tls_error();
/// When a certificate ends.
[[nodiscard]] std::optional<base::Time> end_of(const X509* certificate);

}  // namespace acquit::net

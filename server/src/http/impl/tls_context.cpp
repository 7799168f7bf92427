#include "http/impl/tls_context.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace acquit::http {
namespace {

// HTTP/1.1 is all we speak; a client that offers only others is let in without ALPN and finds out.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
  static constexpr std::string_view kHttp11 = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int result = SSL_select_next_proto(&chosen, out_size, reinterpret_cast<const unsigned char*>(kHttp11.data()),
                                           static_cast<unsigned>(kHttp11.size()), in, in_size);
  *out = chosen;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// Called for each certificate of the chain, the client's own last, after OpenSSL's checks.
int check_client(int good, X509_STORE_CTX* store) {
  if (good != 1 || X509_STORE_CTX_get_error_depth(store) != 0) return good;
  const auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto* const names = static_cast<const std::vector<std::string>*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  X509* const client = X509_STORE_CTX_get_current_cert(store);
  if (names->empty() || std::ranges::any_of(*names, [&](const std::string& name) {
        return X509_check_host(client, name.data(), name.size(), X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1;
      })) {
    return 1;
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
  return 0;
}

// A reload counts for the handshakes after it; who is in already stays until his connection ends.
base::Result<void> ask_clients(SSL_CTX& context, const ServerOptions& options) {
  auto asked = net::demand_certificates(context, options.client_ca_file, check_client);
  if (!asked) {
    base::Error error = std::move(asked).error();
    error.field = "client_ca_file";
    return std::unexpected(std::move(error));
  }
  SSL_CTX_set_app_data(&context, const_cast<std::vector<std::string>*>(&options.client_names));
  return {};
}

base::Result<SslContextPtr> make_context(const ServerOptions& options) {
  ACQUIT_TRY(auto context, net::new_context(TLS_server_method()));
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
  ACQUIT_CHECK(net::use_certificate(*context, options.certificate_file, options.key_file));
  if (!options.client_ca_file.empty()) ACQUIT_CHECK(ask_clients(*context, options));
  return context;
}

}  // namespace

base::Result<void> TlsContext::load() {
  ACQUIT_TRY(auto context, make_context(options_));
  const std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return {};
}

std::optional<base::Time> TlsContext::certificate_ends() const {
  const std::lock_guard lock(mutex_);
  return net::end_of(SSL_CTX_get0_certificate(context_.get()));
}

SslPtr TlsContext::new_connection() {
  const std::lock_guard lock(mutex_);
  return SslPtr(SSL_new(context_.get()));
}

}  // namespace acquit::http

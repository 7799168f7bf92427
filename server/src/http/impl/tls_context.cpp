#include "http/impl/tls_context.h"

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

base::Result<SslContextPtr> make_context(const std::string& certificate_file, const std::string& key_file) {
  ACQUIT_TRY(auto context, net::new_context(TLS_server_method()));
  SSL_CTX_set_alpn_select_cb(context.get(), select_protocol, nullptr);
  ACQUIT_CHECK(net::use_certificate(*context, certificate_file, key_file));
  return context;
}

}  // namespace

TlsContext::TlsContext(std::string certificate_file, std::string key_file)
    : certificate_file_(std::move(certificate_file)), key_file_(std::move(key_file)) {}

base::Result<void> TlsContext::load() {
  ACQUIT_TRY(auto context, make_context(certificate_file_, key_file_));
  const std::lock_guard lock(mutex_);
  context_ = std::move(context);
  return {};
}

SslPtr TlsContext::new_connection() {
  const std::lock_guard lock(mutex_);
  return SslPtr(SSL_new(context_.get()));
}

}  // namespace acquit::http

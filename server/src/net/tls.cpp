#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <chrono>
#include <utility>

#include "net/impl/tls_channel.h"
#include "net/tls_openssl.h"

namespace acquit::net {
namespace {

// What browsers, payment modules and banks of the last ten years speak, without CBC and without plain RSA key exchange.
constexpr const char* kTls12Ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

std::unexpected<base::Error> invalid(const std::string& what, std::string field) {
  const std::string reason = take_tls_error();
  return base::fail(base::ErrorCode::configuration_invalid, what + (reason.empty() ? "" : ": " + reason),
                    std::move(field));
}

base::Result<void> check_private(const std::string& key_file) {
  struct stat status{};
  if (::stat(key_file.c_str(), &status) != 0 || (status.st_mode & 077U) == 0) return {};  // Absent: told by who reads.
  return invalid("others can read \"" + key_file + "\"; run 'chmod 600 " + key_file + "'", "key_file");
}

base::Result<void> trust(SSL_CTX& context, Tls::Side side, const std::string& ca_file) {
  if (side == Tls::Side::server) return ca_file.empty() ? base::Result<void>{} : demand_certificates(context, ca_file);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
  if (!ca_file.empty()) return trust_file(context, ca_file);
  if (SSL_CTX_set_default_verify_paths(&context) == 1) return {};
  return invalid("the system's certificates can't be read", "ca_file");
}

base::Result<SslContextPtr> make_context(Tls::Side side, const TlsFiles& files) {
  const bool server = side == Tls::Side::server;
  ACQUIT_TRY(auto context, new_context(server ? TLS_server_method() : TLS_client_method()));
  ACQUIT_CHECK(trust(*context, side, files.ca_file));
  if (files.certificate_file.empty() && files.key_file.empty() && !server) return context;
  ACQUIT_CHECK(check_private(files.key_file));
  ACQUIT_CHECK(use_certificate(*context, files.certificate_file, files.key_file));
  return context;
}

}  // namespace

std::string take_tls_error() {
  const unsigned long error = ERR_get_error();
  const char* reason = error != 0 ? ERR_reason_error_string(error) : nullptr;
  ERR_clear_error();
  return reason != nullptr ? reason : "";
}

base::Result<SslContextPtr> new_context(const SSL_METHOD* method) {
  ERR_clear_error();
  SslContextPtr context(SSL_CTX_new(method));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kTls12Ciphers) != 1) {
    return invalid("TLS can't be set up", "");
  }
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                         SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  return context;
}

base::Result<void> trust_file(SSL_CTX& context, const std::string& ca_file) {
  if (SSL_CTX_load_verify_file(&context, ca_file.c_str()) == 1) return {};
  return invalid("no certificate can be read from \"" + ca_file + "\"; it must be a readable PEM file", "ca_file");
}

base::Result<void> demand_certificates(SSL_CTX& context, const std::string& ca_file, SSL_verify_cb check) {
  ACQUIT_CHECK(trust_file(context, ca_file));
  SSL_CTX_set_client_CA_list(&context, SSL_load_client_CA_file(ca_file.c_str()));
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, check);
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(&context, 0);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  return {};
}

base::Result<void> use_certificate(SSL_CTX& context, const std::string& certificate_file, const std::string& key_file) {
  if (SSL_CTX_use_certificate_chain_file(&context, certificate_file.c_str()) != 1) {
    return invalid("the certificate can't be read from \"" + certificate_file +
                       "\"; it must be a readable PEM file, our own certificate first",
                   "certificate_file");
  }
  if (SSL_CTX_use_PrivateKey_file(&context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    return invalid("the key can't be used from \"" + key_file +
                       "\"; it must be a readable PEM file without passphrase and belong to the certificate",
                   "key_file");
  }
  return {};
}

void lend(const Tls& tls, SSL_CTX& context) {
  const std::lock_guard lock(tls.impl().mutex);
  SSL_CTX* const ours = tls.impl().context.get();
  SSL_CTX_set1_cert_store(&context, SSL_CTX_get_cert_store(ours));
  X509* const certificate = SSL_CTX_get0_certificate(ours);
  if (certificate == nullptr) return;
  STACK_OF(X509)* chain = nullptr;
  SSL_CTX_ctrl(ours, SSL_CTRL_GET_CHAIN_CERTS, 0, static_cast<void*>(&chain));  // What SSL_CTX_get0_chain_certs() is.
  SSL_CTX_use_cert_and_key(&context, certificate, SSL_CTX_get0_privatekey(ours), chain, /*override=*/1);
}

std::optional<base::Time> end_of(const X509* certificate) {
  std::tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return std::nullopt;
  const std::chrono::sys_days day =
      std::chrono::year(end.tm_year + 1900) / static_cast<int>(end.tm_mon + 1) / static_cast<int>(end.tm_mday);
  return day + std::chrono::hours(end.tm_hour) + std::chrono::minutes(end.tm_min) + std::chrono::seconds(end.tm_sec);
}

Tls::Tls(Side side, TlsFiles files) : side_(side), files_(std::move(files)), impl_(std::make_unique<Impl>()) {}
Tls::~Tls() = default;

base::Result<std::shared_ptr<Tls>> Tls::make(Side side, TlsFiles files) {
  std::shared_ptr<Tls> made(new Tls(side, std::move(files)));
  ACQUIT_CHECK(made->load());
  return made;
}

base::Result<void> Tls::load() {
  ACQUIT_TRY(auto context, make_context(side_, files_));
  const std::lock_guard lock(impl_->mutex);
  impl_->context = std::move(context);
  return {};
}

std::int64_t days_left(base::Time ends, base::Time now) {
  return std::chrono::floor<std::chrono::days>(ends - now).count();
}

std::optional<base::Time> Tls::certificate_ends() const {
  const std::lock_guard lock(impl_->mutex);
  return end_of(SSL_CTX_get0_certificate(impl_->context.get()));
}

}  // namespace acquit::net

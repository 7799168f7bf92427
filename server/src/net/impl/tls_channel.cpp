#include "net/impl/tls_channel.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

namespace acquit::net {
namespace {

bool is_ip(const std::string& name) {
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(AF_INET, name.c_str(), out.data()) == 1 || inet_pton(AF_INET6, name.c_str(), out.data()) == 1;
}

bool want_name(SSL& ssl, const std::string& name) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(&ssl);
  if (is_ip(name)) return X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return !name.empty() && X509_VERIFY_PARAM_set1_host(wanted, name.c_str(), 0) == 1 &&
         SSL_set_tlsext_host_name(&ssl, name.c_str()) == 1;
}

// The other side said that it does not take our certificate, or wants one.
bool refuses_our_certificate(unsigned long error) {
  constexpr std::array kReasons = {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
                                   SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
                                   SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
                                   SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
                                   SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
                                   SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
                                   SSL_R_TLSV1_ALERT_UNKNOWN_CA,
                                   SSL_R_TLSV1_ALERT_ACCESS_DENIED};
  return ERR_GET_LIB(error) == ERR_LIB_SSL && std::ranges::find(kReasons, ERR_GET_REASON(error)) != kReasons.end();
}

}  // namespace

TlsChannel::TlsChannel(const Tls& tls, std::string name, int socket) : name_(std::move(name)) {
  {
    const std::lock_guard lock(tls.impl().mutex);
    ssl_.reset(SSL_new(tls.impl().context.get()));
  }
  if (!ssl_) return;
  SSL_set_fd(ssl_.get(), socket);  // A peer that left is an error: Loop has the signal ignored.
  if (SSL_is_server(ssl_.get()) != 0) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
    if (!want_name(*ssl_, name_)) ssl_.reset();  // Rather none than one with anybody.
  }
}

std::string TlsChannel::fault_of() const {
  const long verified = SSL_get_verify_result(ssl_.get());
  const unsigned long error = ERR_peek_error();
  const int code = errno;
  const std::string reason = take_tls_error();
  if (verified != X509_V_OK && SSL_is_init_finished(ssl_.get()) == 0) {
    return "its certificate is not accepted for \"" + name_ + "\": " + X509_verify_cert_error_string(verified);
  }
  if (refuses_our_certificate(error)) return "our certificate is not accepted: " + reason;
  if (!reason.empty()) return "TLS failed: " + reason;
  return std::generic_category().message(code);
}

Moved TlsChannel::outcome(int result) {
  using enum Moved::Need;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return {.need = read};
    case SSL_ERROR_WANT_WRITE: return {.need = write};
    case SSL_ERROR_ZERO_RETURN: return {.need = ended};
    default: broken_ = true; return {.need = broken, .fault = fault_of()};
  }
}

Moved TlsChannel::shake_hands() {
  const std::lock_guard lock(mutex_);
  if (!ssl_) return {.need = Moved::Need::broken, .fault = "TLS can't be set up"};
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  return result == 1 ? Moved{} : outcome(result);
}

Moved TlsChannel::receive(char* out, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (!ssl_) return {.need = Moved::Need::broken, .fault = "TLS can't be set up"};
  ERR_clear_error();
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  const int got = SSL_read(ssl_.get(), out, static_cast<int>(std::min(size, kMost)));
  return got > 0 ? Moved{.bytes = static_cast<std::size_t>(got)} : outcome(got);
}

Moved TlsChannel::send(std::string_view data) {
  const std::lock_guard lock(mutex_);
  if (!ssl_) return {.need = Moved::Need::broken, .fault = "TLS can't be set up"};
  ERR_clear_error();
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  const int sent = SSL_write(ssl_.get(), data.data(), static_cast<int>(std::min(data.size(), kMost)));
  return sent > 0 ? Moved{.bytes = static_cast<std::size_t>(sent)} : outcome(sent);
}

void TlsChannel::say_goodbye() {
  const std::lock_guard lock(mutex_);
  if (ssl_ && !broken_ && SSL_is_init_finished(ssl_.get()) != 0) (void)SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

TlsSession TlsChannel::session() const {
  const std::lock_guard lock(mutex_);
  if (!ssl_) return {};
  return {.version = SSL_get_version(ssl_.get()), .peer_ends = end_of(SSL_get0_peer_certificate(ssl_.get()))};
}

}  // namespace acquit::net

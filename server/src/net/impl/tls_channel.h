// TlsChannel: the bytes of one socket through TLS, without waiting: each call does what can be done at once and says
// what it needs to go on. For net/'s .cpp files (shows OpenSSL).
//
// Owned by its stream, whose socket outlives it. A reader and a writer may call it at once: OpenSSL's state is one, so
// a mutex guards it. The handshake is made by whichever call comes first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "net/tls.h"
#include "net/tls_openssl.h"

namespace acquit::net {

struct Tls::Impl {
  std::mutex mutex;
  SslContextPtr context;  // Streams hold their own count on it.
};

/// What came of a call that does not wait.
struct Moved {
  enum class Need : std::uint8_t { nothing, read, write, ended, broken };
  std::size_t bytes = 0;
  Need need = Need::nothing;  ///< To go on: the socket has to be ready for this.
  std::string fault{};        ///< Of `broken`.
};

class TlsChannel {
 public:
  /// `name` is what a client wants to find in the other side's certificate.
  TlsChannel(const Tls& tls, std::string name, int socket);

  [[nodiscard]] Moved shake_hands();
  [[nodiscard]] Moved receive(char* out, std::size_t size);
  [[nodiscard]] Moved send(std::string_view data);
  /// Tells the other side that nothing more comes, if that can be done at once.
  void say_goodbye();
  [[nodiscard]] TlsSession session() const;

 private:
  Moved outcome(int result);
  std::string fault_of() const;

  const std::string name_;
  mutable std::mutex mutex_;
  SslPtr ssl_;
  bool broken_ = false;  // OpenSSL wants no more calls then.
};

}  // namespace acquit::net

// Tls: one side of encrypted streams: certificates and key, read from PEM files, swapped for new streams without a
// pause.
//
// TLS 1.2 with forward secrecy and authenticated encryption, and TLS 1.3. A client checks the other side's certificate
// with its name; a server that knows who vouches for its clients wants a certificate of each. Shared by its owner and
// whoever opens streams. Safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace acquit::net {

struct TlsFiles {
  std::string ca_file{};  ///< Who vouches for the other side; empty: the system's list (of a server: no question).
  std::string certificate_file{};  ///< Our own chain, our certificate first; a client may do without.
  std::string key_file{};          ///< Its key, without passphrase; no other user may read it.
};

class Tls {
 public:
  enum class Side : std::uint8_t { client, server };

  /// Errors: configuration_invalid; `field` is the member of TlsFiles at fault, the detail says what to do.
  static base::Result<std::shared_ptr<Tls>> make(Side side, TlsFiles files);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  /// Reads the files again; on an error what was loaded before stays. Errors as make().
  base::Result<void> load();
  /// When our own certificate ends; nothing if there is none.
  [[nodiscard]] std::optional<base::Time> certificate_ends() const;

  struct Impl;
  [[nodiscard]] Impl& impl() const { return *impl_; }  ///< For net/ only.

 private:
  Tls(Side side, TlsFiles files);

  const Side side_;
  const TlsFiles files_;
  const std::unique_ptr<Impl> impl_;
};

/// Of a certificate that ends then; below zero once it has.
[[nodiscard]] std::int64_t days_left(base::Time ends, base::Time now);
/// Time enough to get another one from a bank or an authority.
inline constexpr std::int64_t kEndsSoonDays = 30;

/// What a handshake agreed on.
struct TlsSession {
  std::string version{};                  ///< "TLSv1.3"; empty: in clear.
  std::optional<base::Time> peer_ends{};  ///< When the other side's certificate ends.
};

}  // namespace acquit::net

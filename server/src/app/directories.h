// Directories: our 3DS Servers, one towards the directory server for real payments and one towards that for tests, with
// the certificates by which these know us (EMV 3-D Secure, Core Functions, "mutually authenticated").
//
// Belongs to the node, which opens, renews and stops it. fit() and the days may be read from any thread. Loop, clock
// and random outlive it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/own_certificates.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "connectors/threeds/three_ds_server.h"
#include "http/client.h"
#include "merchants/shop.h"
#include "net/loop.h"
#include "net/tls.h"
#include "platform/config/config.h"

namespace acquit::app {

class Directories {
 public:
  Directories(net::Loop& loop, const base::Clock& clock, base::Random& random)
      : loop_(loop), clock_(clock), random_(random) {}

  /// Errors: configuration_invalid with the key at fault: a file that can't be used, or a certificate for real payments
  /// that has ended, since these would go on without 3-D Secure.
  [[nodiscard]] base::Result<void> open(const platform::Config& config);
  [[nodiscard]] threeds::ThreeDsServer& of(merchants::Mode mode) { return *side(mode).server; }
  /// Reads the certificates again, for connections to come; what can't be read is logged, and the old one stays.
  void reload() const { certificates_.reload(); }
  /// Says of which directory our certificate is about to end.
  void watch_certificates() const { certificates_.watch(); }
  /// Ends the calls under way.
  void stop();

  /// No fault of our own keeps payments from being authenticated.
  [[nodiscard]] bool fit() const;
  /// Of the certificates by which directories know us, the one that ends first; nothing if there is none.
  [[nodiscard]] std::optional<std::int64_t> certificate_days_left() const { return certificates_.days_left(); }

 private:
  struct Side {
    std::string key;  // Of its address.
    std::shared_ptr<net::Tls> tls;
    std::unique_ptr<http::Client> client;
    std::optional<threeds::ThreeDsServer> server;
  };
  [[nodiscard]] Side& side(merchants::Mode mode) { return mode == merchants::Mode::test ? test_ : real_; }
  base::Result<void> open(merchants::Mode mode, const platform::Config& config);

  net::Loop& loop_;
  const base::Clock& clock_;
  base::Random& random_;
  Side real_{.key = "threeds.directory_url", .tls = nullptr, .client = nullptr, .server = {}};
  Side test_{.key = "threeds.test_directory_url", .tls = nullptr, .client = nullptr, .server = {}};
  OwnCertificates certificates_{clock_,
                                {.ends = "directory_certificate_ends",
                                 .whose = "directory",
                                 .reload = "reload_directory_certificate",
                                 .detail = "without a new one the directory server will refuse us"}};
};

}  // namespace acquit::app

// BankLines: the lines to the acquirer, with their certificates: one for real payments and, where it is configured,
// another for tests; on a production server never the same.
//
// Belongs to the node, which starts, renews and stops it. ready(), in_clear() and the counters may be read from any
// thread. Loop, clock and random outlive it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/own_certificates.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "connectors/iso8583/client.h"
#include "net/loop.h"
#include "net/tls.h"
#include "payments/store/services.h"
#include "platform/config/config.h"

namespace acquit::app {

class BankLines {
 public:
  BankLines(net::Loop& loop, const base::Clock& clock, base::Random& random)
      : loop_(loop), clock_(clock), random_(random) {}

  /// Begins to connect. Errors: configuration_invalid, with the key at fault.
  [[nodiscard]] base::Result<void> start(const platform::Config& config, int node);
  /// What payments are made over.
  [[nodiscard]] payments::AcquirerLines lines();
  void use_node(int node);
  /// As connectors::Acquirer; before start().
  void on_late_approval(std::function<void()> heard) { heard_ = std::move(heard); }
  /// Reads the certificates again, for links to come; what can't be read is logged, and the old one stays.
  void reload() const { certificates_.reload(); }
  /// Says of which line the certificate is about to end.
  void watch_certificates() const { certificates_.watch(); }
  void stop();

  /// True where there is no line for real payments.
  [[nodiscard]] bool ready() const { return !real_.acquirer || real_.acquirer->ready(); }
  /// Some line is not encrypted.
  [[nodiscard]] bool in_clear() const;
  /// Of the certificates by which the acquirer knows us, the one that ends first; nothing if there is none.
  [[nodiscard]] std::optional<std::int64_t> certificate_days_left() const { return certificates_.days_left(); }
  /// The line for real payments; null if there is none.
  [[nodiscard]] const iso8583::Iso8583Acquirer* real() const { return real_.acquirer ? &*real_.acquirer : nullptr; }

 private:
  struct Line {
    std::string name;  // The key of its address.
    std::shared_ptr<net::Tls> tls;
    std::optional<iso8583::Iso8583Acquirer> acquirer;
  };
  base::Result<void> open(Line& line, const platform::Config& config, iso8583::Iso8583Options options);

  net::Loop& loop_;
  const base::Clock& clock_;
  base::Random& random_;
  Line real_{.name = "acquirer.address", .tls = nullptr, .acquirer = {}};
  Line test_{.name = "acquirer.test_address", .tls = nullptr, .acquirer = {}};
  OwnCertificates certificates_{clock_,
                                {.ends = "own_certificate_ends",
                                 .whose = "line",
                                 .reload = "reload_acquirer_certificate",
                                 .detail = "without a new one the acquirer will refuse us"}};
  bool tests_on_real_ = false;
  std::function<void()> heard_;
};

}  // namespace acquit::app

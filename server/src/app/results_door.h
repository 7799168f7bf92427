// ResultsDoor: where directory servers bring the results of 3-D Secure, if they have a door of their own: TLS in which
// they have to show a certificate (EMV 3-D Secure, Core Functions, "mutually authenticated").
//
// Belongs to the node, which opens, renews and stops it. Counters may be read from any thread. Loop, clock, random and
// what add_routes() adds outlive it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "http/router.h"
#include "http/server.h"
#include "net/loop.h"
#include "platform/config/config.h"

namespace acquit::app {

class ResultsDoor {
 public:
  ResultsDoor(net::Loop& loop, const base::Clock& clock, base::Random& random)
      : loop_(loop), clock_(clock), random_(random) {}

  /// What takes results, added to one of the two routers.
  using AddRoutes = std::function<void(http::Router&)>;
  /// Listens, and turns results away from `buyers`; without threeds.results_listen they are taken there. Errors:
  /// configuration_invalid with the key at fault, connection_failed.
  [[nodiscard]] base::Result<void> open(const platform::Config& config, const AddRoutes& add_routes,
                                        http::Router& buyers);
  /// Reads the certificates again; on an error the old ones stay.
  [[nodiscard]] base::Result<void> reload();
  /// Says that the certificate is about to end.
  void watch_certificate() const;
  void stop(base::Milliseconds grace);

  [[nodiscard]] bool is_open() const { return server_ != nullptr; }
  [[nodiscard]] std::string url() const { return server_->url(); }
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }
  [[nodiscard]] std::uint64_t handshakes_failed() const { return server_->counters().handshakes_failed; }
  [[nodiscard]] std::int64_t certificate_days_left() const;

 private:
  base::Task<http::Response> turn_away();

  net::Loop& loop_;
  const base::Clock& clock_;
  base::Random& random_;
  http::Router router_;
  std::atomic<std::uint64_t> turned_away_ = 0;
  std::unique_ptr<http::Server> server_;
};

}  // namespace acquit::app

// OwnCertificates: the certificates by which peers of one kind know us, such as the acquirer's two lines: read again on
// demand, and told of before they end.
//
// Filled at the start; from then on safe from any thread. The clock outlives it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "net/tls.h"

namespace acquit::app {

class OwnCertificates {
 public:
  struct Events {
    std::string_view ends;  ///< Of the log, with the peer as the field `whose`.
    std::string_view whose;
    std::string_view reload;  ///< Where one can't be read again.
    std::string_view detail;
  };
  OwnCertificates(const base::Clock& clock, Events events) : clock_(clock), events_(events) {}

  void add(std::string peer, std::shared_ptr<net::Tls> tls) { all_.emplace_back(std::move(peer), std::move(tls)); }
  /// For connections to come; what can't be read is logged, and the old one stays.
  void reload() const;
  /// Says which is about to end.
  void watch() const;

  /// Until the peer's ends; below zero after it, nothing if there is none.
  [[nodiscard]] std::optional<std::int64_t> days_left(std::string_view peer) const;
  /// Until the first one ends.
  [[nodiscard]] std::optional<std::int64_t> days_left() const;

 private:
  [[nodiscard]] std::optional<std::int64_t> left_of(const net::Tls& tls) const;

  const base::Clock& clock_;
  const Events events_;
  std::vector<std::pair<std::string, std::shared_ptr<net::Tls>>> all_;
};

}  // namespace acquit::app

#include "app/own_certificates.h"

#include <algorithm>

#include "base/log.h"

namespace acquit::app {

void OwnCertificates::reload() const {
  for (const auto& [peer, tls] : all_) {
    const auto loaded = tls->load();
    if (!loaded) base::log::failed(events_.reload, loaded.error());
  }
  watch();
}

void OwnCertificates::watch() const {
  for (const auto& [peer, tls] : all_) {
    const auto left = left_of(*tls);
    if (!left || *left >= net::kEndsSoonDays) continue;
    base::log::warning(events_.ends, {{events_.whose, peer}, {"days_left", *left}, {"detail", events_.detail}});
  }
}

std::optional<std::int64_t> OwnCertificates::days_left(std::string_view peer) const {
  const auto found = std::ranges::find_if(all_, [&](const auto& one) { return one.first == peer; });
  return found == all_.end() ? std::nullopt : left_of(*found->second);
}

std::optional<std::int64_t> OwnCertificates::days_left() const {
  std::optional<std::int64_t> first;
  for (const auto& [peer, tls] : all_) {
    if (const auto left = left_of(*tls)) first = std::min(*left, first.value_or(*left));
  }
  return first;
}

std::optional<std::int64_t> OwnCertificates::left_of(const net::Tls& tls) const {
  const auto ends = tls.certificate_ends();
  return ends ? std::optional(net::days_left(*ends, clock_.now())) : std::nullopt;
}

}  // namespace acquit::app

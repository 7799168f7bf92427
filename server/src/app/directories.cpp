#include "app/directories.h"

#include <algorithm>
#include <utility>

#include "app/settings.h"
#include "base/log.h"

namespace acquit::app {

base::Result<void> Directories::open(const platform::Config& config) {
  ACQUIT_CHECK(open(merchants::Mode::production, config));
  ACQUIT_CHECK(open(merchants::Mode::test, config));
  // A certificate for tests that has ended keeps no real payment from being made.
  if (days_left(real_).value_or(0) < 0) {
    return base::fail(base::ErrorCode::configuration_invalid,
                      "threeds.certificate_file: the certificate has ended, so the directory server would refuse us",
                      "threeds.certificate_file");
  }
  watch_certificates();
  return {};
}

base::Result<void> Directories::open(merchants::Mode mode, const platform::Config& config) {
  Side& opened = side(mode);
  auto options = threeds_options(config, mode);
  if (options.directory_url.empty()) {
    base::log::warning("no_directory", {{"mode", merchants::to_string(mode)},
                                        {"detail", "these payments are made without 3-D Secure"}});
  } else {
    ACQUIT_TRY(opened.tls, directory_tls(config, mode));
  }
  opened.client = http::Client::make({.allow_private_addresses = !config.flag("server.production"),
                                      .tls = opened.tls,
                                      .connections_max = kDirectoryCalls},
                                     loop_);
  opened.server.emplace(std::move(options), *opened.client, clock_, random_);
  return {};
}

void Directories::reload() {
  for (const Side* const side : {&real_, &test_}) {
    if (!side->tls) continue;
    const auto loaded = side->tls->load();
    if (!loaded) base::log::failed("reload_directory_certificate", loaded.error());
  }
  watch_certificates();
}

std::optional<std::int64_t> Directories::days_left(const Side& side) const {
  const auto ends = side.tls ? side.tls->certificate_ends() : std::nullopt;
  if (!ends) return std::nullopt;
  return net::days_left(*ends, clock_.now());
}

void Directories::watch_certificates() const {
  for (const Side* const side : {&real_, &test_}) {
    const auto left = days_left(*side);
    if (!left || *left >= net::kEndsSoonDays) continue;
    base::log::warning("directory_certificate_ends",
                       {{"directory", side->key},
                        {"days_left", *left},
                        {"detail", "without a new one the directory server will refuse us"}});
  }
}

bool Directories::fit() const {
  return real_.server->fit() && test_.server->fit() && days_left(real_).value_or(0) >= 0;
}

std::optional<std::int64_t> Directories::certificate_days_left() const {
  const auto real = days_left(real_);
  const auto test = days_left(test_);
  if (!real || !test) return real ? real : test;
  return std::min(*real, *test);
}

void Directories::stop() {
  for (const Side* const side : {&real_, &test_}) {
    if (side->client) side->client->stop();
  }
}

}  // namespace acquit::app

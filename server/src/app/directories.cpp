#include "app/directories.h"

#include <utility>

#include "app/settings.h"
#include "base/log.h"

namespace acquit::app {

base::Result<void> Directories::open(const platform::Config& config) {
  ACQUIT_CHECK(open(merchants::Mode::production, config));
  ACQUIT_CHECK(open(merchants::Mode::test, config));
  // A certificate for tests that has ended keeps no real payment from being made.
  if (certificates_.days_left(real_.key).value_or(0) < 0) {
    return base::fail(base::ErrorCode::configuration_invalid,
                      "threeds.certificate_file: the certificate has ended, so the directory server would refuse us",
                      "threeds.certificate_file");
  }
  certificates_.watch();
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
    certificates_.add(opened.key, opened.tls);
  }
  opened.client = http::Client::make({.allow_private_addresses = !config.flag("server.production"),
                                      .tls = opened.tls,
                                      .connections_max = kDirectoryCalls},
                                     loop_);
  opened.server.emplace(std::move(options), *opened.client, clock_, random_);
  return {};
}

bool Directories::fit() const {
  return real_.server->fit() && test_.server->fit() && certificates_.days_left(real_.key).value_or(0) >= 0;
}

void Directories::stop() {
  for (const Side* const side : {&real_, &test_}) {
    if (side->client) side->client->stop();
  }
}

}  // namespace acquit::app

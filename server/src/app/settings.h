// From configuration keys to the options of each part. The only place that knows both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "connectors/iso8583/options.h"
#include "connectors/threeds/three_ds_server.h"
#include "db/database.h"
#include "http/address_set.h"
#include "http/server.h"
#include "merchants/shop.h"
#include "net/stream.h"
#include "net/tls.h"
#include "payments/checkout/card_tries.h"
#include "platform/config/config.h"
#include "platform/mail/mail.h"

namespace acquit::app {

/// What no single key can say. Errors: configuration_invalid, whose detail lists every fault, one a line.
[[nodiscard]] base::Result<void> check_settings(const platform::Config& config);
[[nodiscard]] db::Options database_options(const platform::Config& config);
[[nodiscard]] http::ServerOptions server_options(const platform::Config& config);
/// The door for directory servers' results; listen is empty where there is none.
[[nodiscard]] http::ServerOptions results_options(const platform::Config& config);
/// Errors: configuration_invalid.
[[nodiscard]] base::Result<http::AddressSet> operator_addresses(const platform::Config& config);
/// Connections to shops, to each of the two directories of 3-D Secure, and to the mail server.
inline constexpr std::size_t kShopCalls = 512;
inline constexpr std::size_t kDirectoryCalls = 256;
inline constexpr std::size_t kMailCalls = 32;
/// File descriptors for all that may be open at once: what buyers' connections leave is kept for banks, database,
/// shops.
[[nodiscard]] std::uint64_t descriptors_needed(const platform::Config& config);
[[nodiscard]] iso8583::Iso8583Options acquirer_options(const platform::Config& config);
/// Whether the lines to the acquirer are encrypted.
[[nodiscard]] bool speaks_tls(const platform::Config& config);
/// Our side of such a line, of the one for tests or of the other. Errors: configuration_invalid, with the key.
[[nodiscard]] base::Result<net::TlsEnd> tls_end(const platform::Config& config, bool test);
/// A production server asks the directory for real money about nothing that is paid in TEST.
[[nodiscard]] threeds::ThreeDsServerOptions threeds_options(const platform::Config& config, merchants::Mode mode);
/// Our side of the calls to that directory. Errors: configuration_invalid, with the key.
[[nodiscard]] base::Result<std::shared_ptr<net::Tls>> directory_tls(const platform::Config& config,
                                                                    merchants::Mode mode);
[[nodiscard]] mail::MailerOptions mailer_options(const platform::Config& config);
[[nodiscard]] payments::CardTryLimits try_limits(const platform::Config& config);
void apply_log_level(const platform::Config& config);

}  // namespace acquit::app

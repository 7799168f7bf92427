#include "app/settings.h"

#include "base/ascii.h"
#include "base/list.h"
#include "base/log.h"
#include "http/address.h"
#include "net/address.h"
#include "platform/config/formats.h"

namespace acquit::app {
namespace {

constexpr const char* kPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
constexpr std::size_t kResultsConnections = 256;  // Of a handful of directory servers, which keep theirs open.

std::size_t size_of(const platform::Config& config, std::string_view key) {
  return static_cast<std::size_t>(config.number(key));
}

std::vector<std::string> list_of(const platform::Config& config, std::string_view key) {
  std::vector<std::string> out;
  for (const std::string_view part : base::split(config.text(key), ',')) {
    if (!base::trim(part).empty()) out.emplace_back(base::trim(part));
  }
  return out;
}

// What is wrong between keys: the key to change and its rule.
class Faults {
 public:
  void add(std::string_view key, std::string_view rule) {
    if (key_.empty()) key_ = key;
    base::append_part(all_, std::string(key) + ": " + std::string(rule), "\n");
  }
  [[nodiscard]] base::Result<void> result() const {
    if (key_.empty()) return {};
    return base::fail(base::ErrorCode::configuration_invalid, all_, key_);
  }

 private:
  std::string key_;
  std::string all_;
};

bool is_secure(const std::string& url) { return url.starts_with("https://"); }

void check_server(const platform::Config& config, Faults& faults) {
  const std::string& url = config.text("server.public_url");
  const bool tls = !config.text("server.certificate_file").empty();
  if (tls && config.text("server.key_file").empty()) {
    faults.add("server.key_file", "must be given together with server.certificate_file");
  }
  if (!tls && !config.text("server.key_file").empty()) {
    faults.add("server.certificate_file", "must be given together with server.key_file");
  }
  if (url.empty() && platform::listens_everywhere(config.text("server.listen"))) {
    faults.add("server.public_url", "must be given where server.listen names no address that others can reach");
  }
  if (tls && !url.empty() && !is_secure(url)) {
    faults.add("server.public_url",
               "must begin with https://, since server.certificate_file makes this server speak TLS");
  }
  if (!config.flag("server.production")) return;
  if (!is_secure(url)) {
    faults.add("server.public_url",
               "must be given and begin with https:// where server.production is true: banks send buyers back to it");
  } else if (const auto parts = platform::parse_web_address(url); parts && http::is_special_host(parts->host)) {
    faults.add("server.public_url", "must be public where server.production is true");
  }
}

// Who sends card numbers: a production server sends them to no private address and never in clear.
void check_directory(const platform::Config& config, std::string_view key, Faults& faults) {
  const std::string& url = config.text(key);
  if (url.empty() || !config.flag("server.production")) return;
  const auto parts = platform::parse_web_address(url);
  if (!parts || !parts->secure) {
    faults.add(key, "must begin with https:// where server.production is true");
  } else if (http::is_special_host(parts->host)) {
    faults.add(key, "must be public where server.production is true, since such a server calls no private address");
  }
}

void check_pair(const platform::Config& config, const std::string& certificate, const std::string& key,
                Faults& faults) {
  if (config.text(certificate).empty() == config.text(key).empty()) return;
  const bool lacks_key = config.text(key).empty();
  faults.add(lacks_key ? key : certificate, "must be given together with " + (lacks_key ? certificate : key));
}

// Whoever may speak at that door says which buyers have proved who they are.
void check_results(const platform::Config& config, Faults& faults) {
  const bool door = !config.text("threeds.results_listen").empty();
  for (const std::string key : {"threeds.results_url", "threeds.results_certificate_file", "threeds.results_key_file",
                                "threeds.results_ca_file"}) {
    if (door && config.text(key).empty()) faults.add(key, "must be given where threeds.results_listen is");
    if (!door && !config.text(key).empty()) {
      return faults.add("threeds.results_listen", "must be given where " + key + " is");
    }
  }
  if (!door && !config.text("threeds.results_names").empty()) {
    faults.add("threeds.results_listen", "must be given where threeds.results_names is");
  }
  if (door && !is_secure(config.text("threeds.results_url"))) {
    faults.add("threeds.results_url", "must begin with https://, since that door speaks TLS");
  }
}

// Card numbers travel on these lines, and whoever answers on them says what was paid.
void check_acquirer(const platform::Config& config, Faults& faults) {
  check_pair(config, "acquirer.tls_certificate_file", "acquirer.tls_key_file", faults);
  check_pair(config, "acquirer.test_tls_certificate_file", "acquirer.test_tls_key_file", faults);
  if (speaks_tls(config)) return;
  for (const std::string key : {"acquirer.tls_ca_file", "acquirer.tls_certificate_file", "acquirer.test_tls_ca_file",
                                "acquirer.test_tls_certificate_file"}) {
    if (!config.text(key).empty()) return faults.add("acquirer.tls", "must be true where " + key + " is given");
  }
  const bool line = !config.text("acquirer.address").empty() || !config.text("acquirer.test_address").empty();
  if (line && config.flag("server.production") && !config.flag("acquirer.clear_in_production")) {
    faults.add("acquirer.tls",
               "must be true or auto where server.production is true, unless acquirer.clear_in_production says that "
               "the line is protected otherwise");
  }
}

// Whom we call there may want to know who we are; in clear he would not even be asked.
void check_directory_certificate(const platform::Config& config, const std::string& prefix, merchants::Mode mode,
                                 Faults& faults) {
  check_pair(config, prefix + "certificate_file", prefix + "key_file", faults);
  const bool apart = mode == merchants::Mode::test && !config.text("threeds.test_directory_url").empty();
  for (const std::string name : {"ca_file", "certificate_file"}) {
    if (config.text(prefix + name).empty() || is_secure(threeds_options(config, mode).directory_url)) continue;
    return faults.add(apart ? "threeds.test_directory_url" : "threeds.directory_url",
                      "must be given and begin with https:// where " + prefix + name + " is");
  }
}

// The client's side of TLS by keys of that prefix. Each file by its own key, or by that of `others`.
base::Result<std::shared_ptr<net::Tls>> client_tls(const platform::Config& config, const std::string& prefix,
                                                   const std::string& others) {
  const auto key_of = [&](const std::string& name) {
    return !prefix.empty() && !config.text(prefix + name).empty() ? prefix + name : others + name;
  };
  auto tls = net::Tls::make(net::Tls::Side::client, {.ca_file = config.text(key_of("ca_file")),
                                                     .certificate_file = config.text(key_of("certificate_file")),
                                                     .key_file = config.text(key_of("key_file"))});
  if (tls) return tls;
  const std::string key = key_of(tls.error().field);
  return base::fail(tls.error().code, key + ": " + tls.error().detail, key);
}

}  // namespace

base::Result<void> check_settings(const platform::Config& config) {
  Faults faults;
  check_server(config, faults);
  check_acquirer(config, faults);
  if (!config.text("database.report_url").empty() && config.text("database.url").starts_with("sqlite:")) {
    faults.add("database.report_url", "must be empty where database.url is not on PostgreSQL: SQLite has no standby");
  }
  check_results(config, faults);
  check_directory(config, "threeds.directory_url", faults);
  check_directory(config, "threeds.test_directory_url", faults);
  check_directory_certificate(config, "threeds.", merchants::Mode::production, faults);
  check_directory_certificate(config, "threeds.test_", merchants::Mode::test, faults);
  const std::int64_t longest_ms = config.number("acquirer.wait_ms") + config.number("acquirer.time_limit_ms");
  if (config.number("payments.resolve_after_s") * 1000 <= longest_ms) {
    faults.add(
        "payments.resolve_after_s",
        "must be longer than acquirer.wait_ms and acquirer.time_limit_ms together, or payments would be reversed "
        "whose answer may still come");
  }
  return faults.result();
}

db::Options database_options(const platform::Config& config) {
  return {.url = config.text("database.url"),
          .lanes = size_of(config, "database.lanes"),
          .spread_by_shop = config.flag("database.spread_by_shop"),
          .readers = size_of(config, "database.readers"),
          .queue_max = size_of(config, "database.queue_max"),
          .batch_max = size_of(config, "database.batch_max"),
          .cache_mib = size_of(config, "database.cache_mib"),
          .time_limit = base::Milliseconds{config.number("database.time_limit_ms")},
          .report_url = config.text("database.report_url"),
          .report_lag_max = base::Milliseconds{config.number("database.report_lag_max_ms")}};
}

http::ServerOptions server_options(const platform::Config& config) {
  http::ServerOptions options;
  options.listen = config.text("server.listen");
  options.certificate_file = config.text("server.certificate_file");
  options.key_file = config.text("server.key_file");
  options.trusted_proxies = list_of(config, "server.trusted_proxies");
  options.policy = kPolicy;
  options.connections_max = size_of(config, "server.connections_max");
  options.connections_per_subscriber = size_of(config, "server.connections_per_address");
  options.buffered_max = size_of(config, "server.buffered_max_mb") << 20U;
  options.buffered_per_subscriber = size_of(config, "server.buffered_per_address_mb") << 20U;
  return options;
}

http::ServerOptions results_options(const platform::Config& config) {
  http::ServerOptions options;
  options.listen = config.text("threeds.results_listen");
  options.certificate_file = config.text("threeds.results_certificate_file");
  options.key_file = config.text("threeds.results_key_file");
  options.client_ca_file = config.text("threeds.results_ca_file");
  options.client_names = list_of(config, "threeds.results_names");
  options.policy = kPolicy;
  options.connections_max = kResultsConnections;
  options.connections_per_subscriber = kResultsConnections / 2;
  options.buffered_max = std::size_t{16} << 20U;
  options.buffered_per_subscriber = std::size_t{8} << 20U;
  return options;
}

base::Result<http::AddressSet> operator_addresses(const platform::Config& config) {
  constexpr const char* kKey = "server.operator_addresses";
  return http::AddressSet::parse(list_of(config, kKey), kKey);
}

std::uint64_t descriptors_needed(const platform::Config& config) {
  // A file of SQLite comes with its log and its index; a name that is looked up takes a pair of its own.
  constexpr std::size_t kPerDatabaseConnection = 3;
  constexpr std::size_t kPerCall = 2;
  constexpr std::size_t kOthers = 64;  // Standard streams, event loops, files that are read now and then.
  const std::size_t database = size_of(config, "database.lanes") + size_of(config, "database.readers");
  const bool door = !config.text("threeds.results_listen").empty();
  return size_of(config, "server.connections_max") + http::Server::kSpareDescriptors +
         (door ? kResultsConnections + http::Server::kSpareDescriptors : 0) + kPerDatabaseConnection * database +
         2 * size_of(config, "acquirer.links") + kPerCall * (kShopCalls + 2 * kDirectoryCalls + kMailCalls) + kOthers;
}

iso8583::Iso8583Options acquirer_options(const platform::Config& config) {
  iso8583::Iso8583Options options;
  options.address = config.text("acquirer.address");
  options.links = size_of(config, "acquirer.links");
  options.request_time_limit = base::Milliseconds{config.number("acquirer.time_limit_ms")};
  options.max_in_flight = size_of(config, "acquirer.in_flight_max");
  options.wait_limit = base::Milliseconds{config.number("acquirer.wait_ms")};
  options.waiting_max = size_of(config, "acquirer.waiting_max");
  const bool bcd = config.text("acquirer.numerics") == "bcd";
  options.format.numerics = bcd ? iso8583::Numerics::bcd : iso8583::Numerics::ascii;
  const bool right = config.text("acquirer.bcd_padding") == "right";
  options.format.padding = right ? iso8583::Padding::right : iso8583::Padding::left;
  options.format.currency_ascii = config.flag("acquirer.currency_ascii");
  if (config.flag("acquirer.lacking_echoes")) options.echoes = iso8583::Echoes::those_sent;
  const bool hex = config.text("acquirer.bitmap") == "hex";
  options.format.binaries = hex ? iso8583::Binaries::hex : iso8583::Binaries::raw;
  if (config.flag("acquirer.bitmap_always_16")) options.format.bitmap_size = iso8583::BitmapSize::always_16;
  const bool digits = config.text("acquirer.length_header") == "ascii4";
  options.format.length_header = digits ? iso8583::LengthHeader::four_digits : iso8583::LengthHeader::two_bytes;
  return options;
}

bool speaks_tls(const platform::Config& config) {
  const std::string& word = config.text("acquirer.tls");
  if (word != "auto") return word == "true";
  return config.flag("server.production") && !config.flag("acquirer.clear_in_production");
}

base::Result<net::TlsEnd> tls_end(const platform::Config& config, bool test) {
  ACQUIT_TRY(auto tls, client_tls(config, test ? "acquirer.test_tls_" : "", "acquirer.tls_"));
  const std::string line = test ? "acquirer.test_" : "acquirer.";
  std::string name = config.text(line + "tls_server_name");
  if (name.empty()) {
    ACQUIT_TRY(const auto address, net::parse_address(config.text(line + "address")));
    name = address.host;
  }
  return net::TlsEnd{.tls = std::move(tls), .name = std::move(name)};
}

threeds::ThreeDsServerOptions threeds_options(const platform::Config& config, merchants::Mode mode) {
  threeds::ThreeDsServerOptions options;
  const std::string& test_directory = config.text("threeds.test_directory_url");
  const bool apart = mode == merchants::Mode::test && (config.flag("server.production") || !test_directory.empty());
  options.directory_url = apart ? test_directory : config.text("threeds.directory_url");
  options.operator_id = config.text("threeds.operator_id");
  options.time_limit = base::Milliseconds{config.number("threeds.time_limit_ms")};
  return options;
}

base::Result<std::shared_ptr<net::Tls>> directory_tls(const platform::Config& config, merchants::Mode mode) {
  return client_tls(config, mode == merchants::Mode::test ? "threeds.test_" : "", "threeds.");
}

mail::MailerOptions mailer_options(const platform::Config& config) {
  return {.server = {.url = config.text("mail.server"),
                     .user = config.text("mail.user"),
                     .password = base::Password(config.text("mail.password")),
                     .require_tls = config.flag("mail.require_tls")},
          .from = config.text("mail.from"),
          .from_name = {}};
}

payments::CardTryLimits try_limits(const platform::Config& config) {
  payments::CardTryLimits limits;
  limits.per_card = static_cast<int>(config.number("limits.tries_per_card"));
  limits.per_address = static_cast<int>(config.number("limits.tries_per_address"));
  limits.per_shop = static_cast<int>(config.number("limits.tries_per_shop"));
  limits.per_range = static_cast<int>(config.number("limits.tries_per_range"));
  return limits;
}

void apply_log_level(const platform::Config& config) {
  const std::string& level = config.text("log.level");
  if (level == "debug") base::log::set_level(base::LogLevel::debug);
  if (level == "info") base::log::set_level(base::LogLevel::info);
  if (level == "warning") base::log::set_level(base::LogLevel::warning);
  if (level == "error") base::log::set_level(base::LogLevel::error);
}

}  // namespace acquit::app

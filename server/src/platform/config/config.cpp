#include "platform/config/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/list.h"
#include "base/number.h"

namespace acquit::platform {
namespace {

using enum ConfigType;

constexpr auto kKeys = std::to_array<ConfigKey>({
    {"server.listen", text, "127.0.0.1:8080", 0, 0, false, "Address and port to listen on; port 0 means any free port.",
     ConfigFormat::listen},
    {"server.public_url", text, "", 0, 0, false,
     "How buyers and banks reach this server, e.g. https://pay.example or https://shop.example/pay; empty: the address "
     "it listens on.",
     ConfigFormat::public_address},
    {"server.certificate_file", text, "", 0, 0, false,
     "PEM certificate chain; with server.key_file the server speaks TLS. SIGHUP reads both again."},
    {"server.key_file", text, "", 0, 0, false, "PEM private key."},
    {"server.trusted_proxies", text, "", 0, 0, false,
     "Addresses and networks (10.0.0.0/8), separated by commas, whose X-Forwarded-For is believed.",
     ConfigFormat::ip_addresses},
    {"server.operator_addresses", text, "127.0.0.1,::1", 0, 0, false,
     "Addresses and networks, separated by commas, that may read /metrics.", ConfigFormat::ip_addresses},
    {"server.threads", number, "2", 1, 64, false, "Threads of the event loop."},
    {"server.connections_max", number, "10000", 10, 1'000'000, false,
     "Connections at once; when all are taken, the one that was idle longest makes room."},
    {"server.connections_per_address", number, "1000", 1, 1'000'000, false,
     "Connections at once of one address, or one /64 of IPv6; trusted proxies have no such limit."},
    {"server.buffered_max_mb", number, "128", 1, 1'000'000, false,
     "Memory, in megabytes, for requests that are being received and answers that are being sent."},
    {"server.buffered_per_address_mb", number, "16", 1, 1'000'000, false,
     "What one address may take of it; trusted proxies have no such limit."},
    {"server.production", flag, "false", 0, 0, false, "True: calls to loopback and private addresses are refused."},
    {"database.url", text, "sqlite:acquit.db", 0, 0, false, "sqlite:<file> or postgresql://…", ConfigFormat::database},
    {"database.lanes", number, "4", 1, 64, false, "Writing connections (PostgreSQL; SQLite has one writer)."},
    {"database.spread_by_shop", flag, "false", 0, 0, false,
     "The database keeps shops on several machines (Citus): a lane has shops of its own, a commit has one shop's "
     "writes."},
    {"database.readers", number, "2", 1, 64, false, "Reading connections."},
    {"database.queue_max", number, "4096", 1, 1'000'000, false,
     "Writes that may wait in a lane before 503 is answered."},
    {"database.batch_max", number, "64", 1, 4096, false, "Writes that may share one commit."},
    {"database.cache_mib", number, "160", 4, 1'000'000, false,
     "SQLite: memory, in MiB, for pages of the database; it fills as the database grows, and no further."},
    {"database.time_limit_ms", number, "10000", 100, 60'000, false,
     "How long a write or a read may take at most: at most half of it in line, all the rest for the database."},
    {"database.report_url", text, "", 0, 0, false,
     "postgresql://… of a standby that reports (acquit history) are read from; empty: from the primary.",
     ConfigFormat::postgresql},
    {"database.report_lag_max_ms", number, "10000", 0, 86'400'000, false,
     "How old what the standby shows may be; while it is older, reports are read from the primary."},
    {"vault.master_key_file", text, "master.key", 0, 0, false,
     "The key that wraps the vault's keys; mode 0600. Keep a copy elsewhere: without it no card can be read."},
    {"acquirer.name", text, "acquirer", 0, 0, false, "What contracts call the acquirer."},
    {"acquirer.address", text, "", 0, 0, false, "host:port of the acquirer's ISO 8583 line; empty: none.",
     ConfigFormat::endpoint},
    {"acquirer.test_address", text, "", 0, 0, false,
     "The same for payments in TEST; empty: acquirer.address, but none if server.production is true.",
     ConfigFormat::endpoint},
    {"acquirer.tls", text, "auto", 0, 0, false,
     "Whether the line to the acquirer speaks TLS: true, false, or auto, which means true where server.production is.",
     ConfigFormat::words, "auto true false"},
    {"acquirer.clear_in_production", flag, "false", 0, 0, false,
     "True: also a production server may send card numbers to the acquirer in clear, since a tunnel or a line of its "
     "own protects them; acquirer.tls is then false where it is auto."},
    {"acquirer.tls_ca_file", text, "", 0, 0, false,
     "PEM certificates of who vouches for the acquirer; empty: those of the system."},
    {"acquirer.tls_certificate_file", text, "", 0, 0, false,
     "PEM chain of the certificate by which the acquirer knows us; empty: none. SIGHUP reads all files of TLS again."},
    {"acquirer.tls_key_file", text, "", 0, 0, false,
     "PEM private key of that certificate, without passphrase; mode 0600."},
    {"acquirer.tls_server_name", text, "", 0, 253, false,
     "The name, or IP address, that the acquirer's certificate must hold; empty: the host of acquirer.address.",
     ConfigFormat::identifier},
    {"acquirer.test_tls_ca_file", text, "", 0, 0, false,
     "The same for the line of tests; empty: acquirer.tls_ca_file."},
    {"acquirer.test_tls_certificate_file", text, "", 0, 0, false,
     "The same for the line of tests; empty: acquirer.tls_certificate_file, with its key."},
    {"acquirer.test_tls_key_file", text, "", 0, 0, false, "Private key of the certificate for the line of tests."},
    {"acquirer.test_tls_server_name", text, "", 0, 253, false,
     "The same for the line of tests; empty: the host of acquirer.test_address.", ConfigFormat::identifier},
    {"acquirer.links", number, "2", 1, 16, false,
     "Connections to it: with two, payments go on while one is away. 1 where the acquirer takes no more."},
    {"acquirer.time_limit_ms", number, "20000", 100, 50'000, false,
     "How long an answer may take before the authorisation is reversed."},
    {"acquirer.in_flight_max", number, "4096", 1, 65'536, false,
     "Requests on one connection that may wait for an answer; more wait in line."},
    {"acquirer.wait_ms", number, "5000", 0, 60'000, false,
     "How long a request waits in line for a connection, or for room on one, before it is not sent."},
    {"acquirer.waiting_max", number, "16384", 0, 1'000'000, false, "Requests that may wait in line."},
    {"acquirer.numerics", text, "ascii", 0, 0, false, "Encoding of numeric fields: ascii or bcd.", ConfigFormat::words,
     "ascii bcd"},
    {"acquirer.bcd_padding", text, "left", 0, 0, false,
     "Where the half byte goes that an odd count of BCD digits leaves over: left or right.", ConfigFormat::words,
     "left right"},
    {"acquirer.currency_ascii", flag, "false", 0, 0, false, "True: DE 49 to 51 are characters, also among BCD."},
    {"acquirer.lacking_echoes", flag, "false", 0, 0, false,
     "True: an approval may leave out what it should echo; what it echoes has to match all the same."},
    {"acquirer.bitmap", text, "binary", 0, 0, false, "Encoding of the bitmap: binary or hex.", ConfigFormat::words,
     "binary hex"},
    {"acquirer.bitmap_always_16", flag, "false", 0, 0, false, "True: the bitmap always has 16 bytes."},
    {"acquirer.length_header", text, "binary2", 0, 0, false,
     "Length before each message: binary2 (2 bytes) or ascii4 (4 digits).", ConfigFormat::words, "binary2 ascii4"},
    {"threeds.directory_url", text, "", 0, 0, false,
     "Address of the 3-D Secure directory server; empty: no authentication.", ConfigFormat::web_address},
    {"threeds.test_directory_url", text, "", 0, 0, false,
     "The same for payments in TEST; empty: threeds.directory_url, but none if server.production is true.",
     ConfigFormat::web_address},
    {"threeds.ca_file", text, "", 0, 0, false,
     "PEM certificates of who vouches for the directory server; empty: the system's list."},
    {"threeds.certificate_file", text, "", 0, 0, false,
     "PEM chain of the certificate that we show the directory server; empty: none. SIGHUP reads it, its key and "
     "threeds.ca_file again."},
    {"threeds.key_file", text, "", 0, 0, false,
     "PEM private key of that certificate, without passphrase, for nobody else to read."},
    {"threeds.test_ca_file", text, "", 0, 0, false, "The same for the directory of tests; empty: threeds.ca_file."},
    {"threeds.test_certificate_file", text, "", 0, 0, false,
     "The same for the directory of tests; empty: threeds.certificate_file, with its key."},
    {"threeds.test_key_file", text, "", 0, 0, false, "Private key of the certificate for the directory of tests."},
    {"threeds.requestor_id", text, "ACQUIT", 0, 35, false, "Our identifier at the directory server.",
     ConfigFormat::identifier},
    {"threeds.operator_id", text, "", 0, 32, false,
     "The identifier that the directory server gave to who runs the 3DS Server; empty: none is sent.",
     ConfigFormat::identifier},
    {"threeds.results_listen", text, "", 0, 0, false,
     "Address and port of a door of their own for the directory servers' results, by TLS with a certificate of theirs; "
     "empty: results come to server.public_url, and an address that we alone could give out proves them.",
     ConfigFormat::listen},
    {"threeds.results_url", text, "", 0, 0, false,
     "How directory servers reach that door, e.g. https://results.pay.example:8443.", ConfigFormat::public_address},
    {"threeds.results_certificate_file", text, "", 0, 0, false,
     "PEM chain of the certificate that the door shows. SIGHUP reads it, its key and threeds.results_ca_file again."},
    {"threeds.results_key_file", text, "", 0, 0, false, "PEM private key of that certificate, without passphrase."},
    {"threeds.results_ca_file", text, "", 0, 0, false,
     "PEM certificates of who vouches for directory servers; without a certificate of theirs nobody gets in."},
    {"threeds.results_names", text, "", 0, 0, false,
     "Names, separated by commas, of which a directory server's certificate must hold one; empty: any that "
     "threeds.results_ca_file vouches for."},
    {"threeds.time_limit_ms", number, "10000", 100, 60'000, false, "How long the directory server may take."},
    {"mail.server", text, "", 0, 0, false, "smtp://host:port or smtps://host:port; empty: mails wait in the outbox.",
     ConfigFormat::mail_server},
    {"mail.from", text, "acquit@localhost.localdomain", 0, 0, false, "Sender of every mail.",
     ConfigFormat::mail_address},
    {"mail.user", text, "", 0, 0, false, "Login at the mail server; empty: none."},
    {"mail.password", text, "", 0, 0, true, "Password at the mail server."},
    {"mail.require_tls", flag, "true", 0, 0, false, "False: mails may travel in clear (loopback and tests)."},
    {"limits.tries_per_card", number, "20", 1, 1'000'000'000, false,
     "Refusals of one card number within an hour, at all shops; then it is held back."},
    {"limits.tries_per_address", number, "60", 1, 1'000'000'000, false,
     "Refusals at one address of a buyer, or one /64 of IPv6, within an hour; then it is held back."},
    {"limits.tries_per_shop", number, "200", 1, 1'000'000'000, false,
     "Refusals at one shop within an hour; from then on, while more is refused than accepted, tries go on one a "
     "second."},
    {"limits.tries_per_range", number, "60", 1, 1'000'000'000, false,
     "The same for one range of cards (first six digits) at one shop."},
    {"payments.resolve_after_s", number, "60", 1, 3600, false,
     "An authorisation whose outcome was not written for so long is reversed. Longer than "
     "acquirer.wait_ms and acquirer.time_limit_ms together."},
    {"payments.test_retention_days", number, "30", 0, 3650, false,
     "TEST payments are removed, with all that belongs to them, once they are so old; 0: never."},
    {"notifications.call_limit_ms", number, "30000", 100, 30'000, false,
     "How long a shop may take to answer a notification."},
    {"notifications.before_return", flag, "true", 0, 0, false,
     "True: the shop is told of the end of a payment before its buyer goes back; false: right afterwards."},
    {"outbox.run", flag, "true", 0, 0, false, "False: this node leaves queued messages to other nodes."},
    {"jobs.run", flag, "true", 0, 0, false,
     "False: this node leaves captures, late authorisations and expiries to other nodes."},
    {"tables.card_ranges", text, "", 0, 0, false,
     "CSV file of card ranges, for the country, product and bank of a card; empty: test cards only. SIGHUP reads it "
     "again."},
    {"tables.address_countries", text, "", 0, 0, false,
     "File in MaxMind's format (.mmdb) for the country of a buyer's address; empty: none. SIGHUP reads it again."},
    {"log.level", text, "info", 0, 0, false, "debug, info, warning or error.", ConfigFormat::words,
     "debug info warning error"},
});

const ConfigKey* find_key(std::string_view key) {
  const auto* found = std::ranges::find(kKeys, key, &ConfigKey::key);
  return found == kKeys.end() ? nullptr : found;
}

std::optional<std::string> number_fault(const ConfigKey& key, const std::string& value) {
  const auto parsed = base::parse_int<std::int64_t>(value);
  if (parsed && *parsed >= key.min && *parsed <= key.max) return std::nullopt;
  return "a number from " + std::to_string(key.min) + " to " + std::to_string(key.max);
}

std::optional<std::string> words_fault(const ConfigKey& key, const std::string& value) {
  const auto words = base::split(key.words, ' ');
  if (std::ranges::find(words, value) != words.end()) return std::nullopt;
  std::string all;
  for (const std::string_view word : words) {
    if (!all.empty()) all += word == words.back() ? " or " : ", ";
    all += word;
  }
  return all;
}

std::optional<std::string> text_fault(const ConfigKey& key, const std::string& value) {
  if (value.empty()) {
    if (key.standard.empty() || key.format == ConfigFormat::ip_addresses) return std::nullopt;
    return "given; it cannot be empty";
  }
  if (key.format == ConfigFormat::words) return words_fault(key, value);
  const auto max = static_cast<std::size_t>(key.max);
  if (fits(key.format, value, max)) return std::nullopt;
  std::string rule(rule_of(key.format));
  if (max != 0) rule += ", at most " + std::to_string(max) + " characters";
  return rule;
}

// What the value must be, if it is not.
std::optional<std::string> fault_of(const ConfigKey& key, const std::string& value) {
  switch (key.type) {
    case flag: return value == "true" || value == "false" ? std::nullopt : std::optional<std::string>("true or false");
    case number: return number_fault(key, value);
    case text: return text_fault(key, value);
  }
  return std::nullopt;
}

class Loader {
 public:
  void take(const std::string& name, std::string value) {
    const ConfigKey* key = find_key(name);
    if (key == nullptr) {
      faults_.push_back(name + ": there is no such key; 'acquit --print-config' lists them");
      return;
    }
    if (const auto rule = fault_of(*key, value)) faults_.push_back(name + ": must be " + *rule);
    values_[name] = std::move(value);
  }

  void take_file(const std::string& path) {
    const toml::parse_result parsed = [&] {
      try {
        return toml::parse_file(path);
      } catch (const toml::parse_error& error) {
        faults_.push_back(path + " line " + std::to_string(error.source().begin.line) + ": " +
                          std::string(error.description()));
        return toml::table();
      }
    }();
    for (const auto& [section, content] : parsed) {
      const toml::table* table = content.as_table();
      if (table == nullptr) {
        faults_.push_back(std::string(section.str()) + ": must stand in a [section]");
        continue;
      }
      for (const auto& [name, node] : *table)
        take_node(std::string(section.str()) + "." + std::string(name.str()), node);
    }
  }

  void fault(std::string what) { faults_.push_back(std::move(what)); }
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
  std::map<std::string, std::string, std::less<>> values() {
    for (const ConfigKey& key : kKeys) values_.try_emplace(std::string(key.key), key.standard);
    return std::move(values_);
  }

 private:
  void take_node(const std::string& name, const toml::node& node) {
    if (const auto* value = node.as_string()) return take(name, value->get());
    if (const auto* value = node.as_integer()) return take(name, std::to_string(value->get()));
    if (const auto* value = node.as_boolean()) return take(name, value->get() ? "true" : "false");
    faults_.push_back(name + ": must be a text, a number, true or false");
  }

  std::vector<std::string> faults_;
  std::map<std::string, std::string, std::less<>> values_;
};

/// A web address or a connection URI may hold a password: `scheme://user:password@…`, or as a parameter.
std::string without_password(std::string value) {
  const std::size_t scheme = value.find("://");
  if (scheme == std::string::npos) return value;
  const std::size_t begin = scheme + 3;
  const std::size_t at = value.substr(0, value.find_first_of("/?#", begin)).rfind('@');
  const std::size_t colon = value.find(':', begin);
  // A password that was not escaped may hold anything, so a sign that is found further on is believed too.
  const std::size_t end = at == std::string::npos || at < begin ? value.rfind('@') : at;
  if (end != std::string::npos && colon < end) value.replace(colon + 1, end - colon - 1, "***");
  for (const std::string_view name : {"password=", "sslpassword=", "passwd="}) {
    for (std::size_t found = value.find(name); found != std::string::npos; found = value.find(name, found)) {
      found += name.size();
      value.replace(found, std::min(value.find_first_of("&#", found), value.size()) - found, "***");
    }
  }
  return value;
}

std::string quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (base::is_control(c)) {
      out += "\\u00" + base::to_hex(std::as_bytes(std::span(&c, 1)));
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }

base::Result<Config> Config::load(const std::string& file, const std::vector<std::string>& overrides) {
  Loader loader;
  if (!file.empty()) loader.take_file(file);
  for (const std::string& pair : overrides) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      loader.fault(pair + ": must be section.name=value");
    } else {
      loader.take(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  if (!loader.faults().empty()) {
    return base::fail(base::ErrorCode::configuration_invalid, base::join(loader.faults(), "\n"), file);
  }
  Config config;
  config.values_ = loader.values();
  return config;
}

const std::string& Config::value(std::string_view key, ConfigType type) const {
  const ConfigKey* known = find_key(key);
  if (known == nullptr || known->type != type) throw std::logic_error("config key " + std::string(key));
  return values_.find(key)->second;
}

const std::string& Config::text(std::string_view key) const { return value(key, ConfigType::text); }

std::int64_t Config::number(std::string_view key) const {
  return *base::parse_int<std::int64_t>(value(key, ConfigType::number));
}

bool Config::flag(std::string_view key) const { return value(key, ConfigType::flag) == "true"; }

std::string Config::print() const {
  std::string out;
  std::string section;
  for (const ConfigKey& key : kKeys) {
    const std::string_view in = key.key.substr(0, key.key.find('.'));
    if (in != section) {
      section = in;
      out += (out.empty() ? "[" : "\n[") + section + "]\n";
    }
    const std::string& stored = values_.find(key.key)->second;
    const std::string shown = key.secret && !stored.empty() ? "***" : without_password(stored);
    out += "# " + std::string(key.description) + "\n";
    out += std::string(key.key.substr(in.size() + 1)) + " = " + (key.type == ConfigType::text ? quoted(shown) : shown) +
           "\n";
  }
  return out;
}

}  // namespace acquit::platform

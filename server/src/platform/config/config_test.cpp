#include "platform/config/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include "tests/support/golden.h"

namespace acquit::platform {
namespace {

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() {
    std::string name = (std::filesystem::temp_directory_path() / "acquit-config-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~ConfigTest() override { std::filesystem::remove_all(directory_); }
  [[nodiscard]] std::string file(const std::string& text) const {
    const std::string path = (directory_ / "acquit.toml").string();
    std::ofstream(path) << text;
    return path;
  }
  static std::string faults(const base::Result<Config>& loaded) {
    if (loaded) return "(none)";
    EXPECT_EQ(loaded.error().code, base::ErrorCode::configuration_invalid);
    return loaded.error().detail;
  }

  std::filesystem::path directory_;
};

std::string_view type_name(ConfigType type) {
  switch (type) {
    case ConfigType::text: return "text";
    case ConfigType::number: return "number";
    case ConfigType::flag: return "true or false";
  }
  return "";
}

std::string document() {
  std::string out =
      "# Configuration\n\n"
      "Made from the table in `server/src/platform/config/config.cpp` by a test; do not edit. "
      "`UPDATE_GOLDEN=1 test_config` writes it again.\n\n"
      "Values come from a TOML file (`acquit --config FILE`), then from the command line (`--set section.name=value`), "
      "which wins. "
      "A key that is not in this table is an error, and all errors are told at once. `acquit --print-config` prints "
      "what is in "
      "force.\n";
  std::string section;
  for (const ConfigKey& key : config_keys()) {
    const std::string in(key.key.substr(0, key.key.find('.')));
    if (in != section) {
      section = in;
      out += "\n## " + section + "\n\n| key | type | standard | meaning |\n|---|---|---|---|\n";
    }
    std::string type(type_name(key.type));
    if (key.type == ConfigType::number) type += ", " + std::to_string(key.min) + " to " + std::to_string(key.max);
    if (key.secret) type += ", secret";
    out += "| `" + std::string(key.key) + "` | " + type + " | " +
           (key.standard.empty() ? "" : "`" + std::string(key.standard) + "`") + " | " + std::string(key.description) +
           " |\n";
  }
  return out;
}

TEST_F(ConfigTest, HasAStandardForEveryKeyThatPassesItsOwnCheck) {
  std::vector<std::string> all;
  std::set<std::string_view> seen;
  for (const ConfigKey& key : config_keys()) {
    EXPECT_TRUE(seen.insert(key.key).second) << key.key;
    EXPECT_FALSE(key.description.empty()) << key.key;
    all.push_back(std::string(key.key) + "=" + std::string(key.standard));
  }
  EXPECT_EQ(faults(Config::load("", all)), "(none)");
  const Config config = Config::load("", {}).value();
  EXPECT_EQ(config.text("server.listen"), "127.0.0.1:8080");
  EXPECT_EQ(config.number("server.threads"), 2);
  EXPECT_FALSE(config.flag("server.production"));
}

TEST_F(ConfigTest, TakesTheFileAndThenTheCommandLine) {
  const std::string path =
      file("[server]\nthreads = 8\nproduction = true\nlisten = \"[::1]:80\"\n[database]\nlanes = 3\n");
  const Config config = Config::load(path, {"server.threads=4", "database.url=postgresql://h/db?a=b"}).value();
  EXPECT_EQ(config.number("server.threads"), 4);
  EXPECT_EQ(config.number("database.lanes"), 3);
  EXPECT_TRUE(config.flag("server.production"));
  EXPECT_EQ(config.text("server.listen"), "[::1]:80");
  EXPECT_EQ(config.text("database.url"), "postgresql://h/db?a=b");
}

TEST_F(ConfigTest, TellsEveryFaultAtOnce) {
  const std::string path =
      file("[server]\nthreads = 0\nlissten = \"x\"\nproduction = \"yes\"\nconnections_max = 1.5\n");
  const std::string told = faults(Config::load(path, {"nonsense", "database.lanes=many", "a.b=c"}));
  for (const char* const fault :
       {"server.threads: must be a number from 1 to 64", "server.lissten: there is no such key",
        "server.production: must be true or false", "server.connections_max: must be a text, a number",
        "nonsense: must be section.name=value", "database.lanes: must be a number", "a.b: there is no such key"}) {
    EXPECT_NE(told.find(fault), std::string::npos) << fault << "\nin\n" << told;
  }
}

TEST_F(ConfigTest, RefusesNumbersOutsideTheirBounds) {
  for (const char* const pair :
       {"server.threads=0", "server.threads=65", "server.threads=-1", "server.threads=", "server.threads=1 ",
        "server.threads=0x2", "server.threads=99999999999999999999", "server.production=TRUE", "server.production="}) {
    EXPECT_FALSE(Config::load("", {pair})) << pair;
  }
  EXPECT_TRUE(Config::load("", {"server.threads=64"}));
}

struct Wrong {
  const char* key;
  std::vector<std::string> values;
};

std::vector<Wrong> wrong_server_texts() {
  const std::string long_host = "https://" + std::string(200, 'a') + ".example";
  const std::string long_path = "https://pay.example/" + std::string(181, 'a');
  return {
      {"server.public_url",
       {"pay.example",
        "pay.example:443",
        "ftp://pay.example",
        "Https://pay.example",
        "https://",
        "https://pay.example?a=b",
        "https://pay.example/#a",
        "https://pay.example/a b",
        "https://pay.example//a",
        "https://pay.example/../a",
        "https://pay.example/a%20b",
        "https://u:p@pay.example",
        "https://pay.example:x",
        " https://pay.example",
        "http://0.0.0.0:8080",
        "http://[::]:8080",
        "https://pay.example/?",
        "https://\xC3\xA9.example",
        long_host,
        long_path}},
      {"server.listen",
       {"", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:http", "127.1:80", "::1:80",
        "http://127.0.0.1:80", "[::1]80"}},
      {"server.trusted_proxies", {"proxy.example", "10.0.0.0/33", "127.0.0.1;::1", "127.0.0.1,,::1", "127.0.0.1:80"}},
      {"server.operator_addresses", {"localhost", "10.0.0.0/", "[::1]"}},
      {"database.url", {"", "acquit.db", "sqlite:", "mysql://db/acquit", "postgresql:"}},
      {"database.report_url", {"acquit.db", "sqlite:acquit.db", "mysql://db/acquit", "postgresql:"}},
  };
}

std::vector<Wrong> wrong_peer_texts() {
  const std::vector<std::string> directories{"ds.example",
                                             "ftp://ds.example",
                                             "HTTPS://ds.example",
                                             "https://",
                                             "https:///ds",
                                             "https://ds example",
                                             "https://ds.example/#a",
                                             "https://user@ds.example",
                                             "https://ds.example:0",
                                             "https://ds..example",
                                             "https://d\xC3\xA9p\xC3\xB4t.example",
                                             "https://ds.example/\"",
                                             "//ds.example",
                                             "https://[::1",
                                             "https://1.2.3",
                                             "https://ds.example:65536"};
  const std::vector<std::string> endpoints{"acquirer",
                                           "acquirer:",
                                           ":5000",
                                           "acquirer:0",
                                           "acquirer:65536",
                                           "acquirer:5000 ",
                                           "tcp://acquirer:5000",
                                           "acquirer:5000/",
                                           "::1:5000",
                                           "acquirer:http",
                                           "acquirer:-1",
                                           "a b:5000",
                                           "acquirer:+80"};
  const std::string long_id(36, 'a');
  const std::string long_operator(33, 'a');
  return {
      {"vault.master_key_file", {""}},
      {"acquirer.name", {""}},
      {"acquirer.address", endpoints},
      {"acquirer.test_address", endpoints},
      {"acquirer.numerics", {"", "ASCII", "ebcdic"}},
      {"acquirer.bitmap", {"", "ascii"}},
      {"acquirer.length_header", {"", "binary4"}},
      {"threeds.directory_url", directories},
      {"threeds.test_directory_url", directories},
      {"threeds.requestor_id", {"", " ", "a b", "\xC3\xA9t\xC3\xA9", long_id}},
      {"threeds.operator_id", {" ", "a b", long_operator}},
      {"mail.server",
       {"mail.example", "mail.example:25", "smtp://mail.example", "http://mail.example:25", "smtp://mail.example:0",
        "smtp://:25", "smtp://mail.example:25/x", "SMTP://mail.example:25"}},
      {"mail.from",
       {"", "acquit", "@pay.example", "acquit@", "a b@pay.example", "Acquit <acquit@pay.example>",
        "a@pay.example,b@pay.example", "a@b@pay.example", "a@-.example"}},
      {"log.level", {"", "warn", "INFO"}},
      {"mail.user", {"a\nb"}},
  };
}

// What is told begins with the key and its rule.
TEST_F(ConfigTest, RefusesTextsThatCanOnlyFailLater) {
  std::vector<Wrong> rows = wrong_server_texts();
  std::ranges::move(wrong_peer_texts(), std::back_inserter(rows));
  for (const Wrong& row : rows) {
    for (const std::string& value : row.values) {
      const std::string told = faults(Config::load("", {std::string(row.key) + "=" + value}));
      EXPECT_TRUE(told.starts_with(std::string(row.key) + ": must be ")) << row.key << "=" << value << ": " << told;
    }
  }
}

TEST_F(ConfigTest, TakesTheTextsThatWork) {
  const std::string longest = "https://pay.example/" + std::string(180, 'a');
  for (const std::string pair : {"server.public_url=",
                                 "server.public_url=https://pay.example",
                                 "server.public_url=http://127.0.0.1:8080/",
                                 "server.public_url=https://shop.example/pay/v1",
                                 "server.public_url=https://[2001:db8::1]:8443/pay",
                                 "server.public_url=https://xn--pt-bja.example./",
                                 "server.listen=0.0.0.0:80",
                                 "server.listen=[::]:0",
                                 "server.listen=localhost:8080",
                                 "server.trusted_proxies=",
                                 "server.trusted_proxies=10.0.0.1, ::1, 10.0.0.0/8",
                                 "server.operator_addresses=",
                                 "database.url=postgres://h/db",
                                 "acquirer.address=acquirer.example:5000",
                                 "acquirer.address=",
                                 "acquirer.address=[::1]:1",
                                 "acquirer.numerics=bcd",
                                 "threeds.directory_url=",
                                 "threeds.directory_url=https://ds.example:8443/areq?ds=visa&x=%20",
                                 "mail.server=smtps://mail.example:465",
                                 "mail.server=smtp://[::1]:25",
                                 "mail.server=",
                                 "mail.from=p\x61y+x@pay.example",
                                 "log.level=debug",
                                 "threeds.requestor_id=10057*ACQUIT_1",
                                 "threeds.operator_id="}) {
    EXPECT_EQ(faults(Config::load("", {pair})), "(none)") << pair;
  }
  EXPECT_EQ(faults(Config::load("", {"server.public_url=" + longest})), "(none)");
  EXPECT_EQ(faults(Config::load("", {"threeds.requestor_id=" + std::string(35, 'a')})), "(none)");
}

TEST_F(ConfigTest, SaysWhereAFileCannotBeRead) {
  EXPECT_NE(faults(Config::load(file("[server]\nthreads = \n"), {})).find("acquit.toml line 2"), std::string::npos);
  EXPECT_NE(faults(Config::load((directory_ / "absent.toml").string(), {})), "(none)");
  EXPECT_NE(faults(Config::load(file("threads = 2\n"), {})).find("must stand in a [section]"), std::string::npos);
  EXPECT_NE(faults(Config::load(file("[server]\nthreads = [1]\n"), {})).find("server.threads: must be"),
            std::string::npos);
}

TEST_F(ConfigTest, PrintsNoSecret) {
  const Config config = Config::load("", {"mail.password=hunter2"}).value();
  EXPECT_EQ(config.text("mail.password"), "hunter2");
  const std::string printed = config.print();
  EXPECT_EQ(printed.find("hunter2"), std::string::npos);
  EXPECT_NE(printed.find("password = \"***\""), std::string::npos);
  EXPECT_EQ(faults(Config::load("", {"mail.password=hunter2", "server.threads=0"})).find("hunter2"), std::string::npos);
}

TEST_F(ConfigTest, PrintsAFileThatReadsBackTheSame) {
  const Config config =
      Config::load("", {"mail.user=a\"b\\c \xC3\xA9", "server.threads=7", "server.production=true"}).value();
  const Config again = Config::load(file(config.print()), {}).value();
  for (const ConfigKey& key : config_keys()) {
    if (key.type == ConfigType::text) EXPECT_EQ(again.text(key.key), config.text(key.key)) << key.key;
    if (key.type == ConfigType::number) EXPECT_EQ(again.number(key.key), config.number(key.key)) << key.key;
    if (key.type == ConfigType::flag) EXPECT_EQ(again.flag(key.key), config.flag(key.key)) << key.key;
  }
}

TEST_F(ConfigTest, PrintsNoPasswordOfAnAddress) {
  const struct {
    std::string given;
    std::string printed;
  } rows[] = {
      {"postgresql://acquit:secret@db/acquit", "postgresql://acquit:***@db/acquit"},
      {"postgresql://acquit:secret@a:5432,b:5433/acquit?target_session_attrs=any",
       "postgresql://acquit:***@a:5432,b:5433/acquit?target_session_attrs=any"},
      {"postgresql://acquit:se/cr?et#@db/acquit", "postgresql://acquit:***@db/acquit"},
      {"postgresql://acquit:se@cret@db/acquit", "postgresql://acquit:***@db/acquit"},
      {"postgresql:///acquit?host=/run&user=acquit&password=secret",
       "postgresql:///acquit?host=/run&user=acquit&password=***"},
      {"postgresql://db/acquit?password=secret&sslpassword=secret&sslmode=require",
       "postgresql://db/acquit?password=***&sslpassword=***&sslmode=require"},
      {"postgresql://acquit@db:5432/acquit", "postgresql://acquit@db:5432/acquit"},
      {"sqlite:/var/lib/acquit/acquit.db", "sqlite:/var/lib/acquit/acquit.db"},
  };
  for (const auto& row : rows) {
    const Config config = Config::load("", {"database.url=" + row.given}).value();
    EXPECT_EQ(config.text("database.url"), row.given);
    EXPECT_NE(config.print().find("url = \"" + row.printed + "\""), std::string::npos) << config.print();
    EXPECT_EQ(config.print().find("secret"), std::string::npos);
  }
}

TEST_F(ConfigTest, TakesAskingForAnUnknownKeyForABug) {
  const Config config = Config::load("", {}).value();
  EXPECT_THROW(static_cast<void>(config.text("server.lissten")), std::logic_error);
  EXPECT_THROW(static_cast<void>(config.number("server.listen")), std::logic_error);
}

TEST_F(ConfigTest, IsDescribedInTheDocs) { support::expect_golden("docs/configuration.md", document()); }

}  // namespace
}  // namespace acquit::platform

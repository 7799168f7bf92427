#include "app/shop_file.h"

#include <gtest/gtest.h>

#include <set>

#include "protocols/vads/signature.h"

namespace acquit::app {
namespace {

using merchants::Mode;
using merchants::Rule;

base::Result<ShopFile> parse(std::string_view text, std::uint64_t seed = 1) {
  base::SeededRandom random{seed};
  return parse_shop_file(text, "acquirer", random);
}

std::string example_with(std::string_view old, std::string_view instead) {
  std::string text(shop_example());
  const std::size_t at = text.find(old);
  if (at == std::string::npos) throw std::runtime_error("the example does not hold " + std::string(old));
  return text.replace(at, old.size(), instead);
}

std::string faults_of(std::string_view text) {
  const auto made = parse(text);
  if (made) return "(none)";
  EXPECT_EQ(made.error().code, base::ErrorCode::configuration_invalid);
  return made.error().detail;
}

TEST(ShopFile, IsValidAsTheExampleIs) {
  const auto made = parse(shop_example());
  ASSERT_TRUE(made) << made.error().detail;
  const merchants::ShopConfig& config = made->shop.config;
  EXPECT_EQ(made->shop.company.id, 1);
  EXPECT_EQ(made->shop.group.company_id, 1);
  EXPECT_EQ(config.shop.id, base::ShopId(12345678));
  EXPECT_EQ(config.shop.group_id, 1);
  EXPECT_EQ(config.shop.language, "fr");
  EXPECT_TRUE(config.shop.active);
  EXPECT_EQ(config.shop.algorithm, merchants::SignatureAlgorithm::hmac_sha256);
  EXPECT_EQ(config.shop.return_mode, "GET");
  EXPECT_FALSE(config.shop.silent_allowed);
  ASSERT_EQ(config.contracts.size(), 3U);
  EXPECT_EQ(config.contracts[1].method, "VISA");
  EXPECT_EQ(config.contracts[1].rank, 2);
  EXPECT_EQ(config.contracts[1].acquirer, "acquirer");
  EXPECT_EQ(config.contracts[1].capture_hour, 22);
  EXPECT_TRUE(config.contracts[1].active);
  ASSERT_EQ(config.rules.size(), 6U) << "all six rules";
  EXPECT_TRUE(config.find_rule(Rule::end_of_payment)->enabled);
  EXPECT_TRUE(config.find_rule(Rule::end_of_payment)->automatic_replay);
  EXPECT_FALSE(config.find_rule(Rule::cancellation)->enabled);
}

TEST(ShopFile, TakesTheKeysOfTheExampleThatAreCommentedOut) {
  // Every commented key is a key: made live, the file reads the same.
  std::string live;
  for (std::string_view rest = shop_example(); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    const bool is_key = line.starts_with("# ") && line.contains(" = ") && line.find(" = ") < 26;
    const bool is_keys =
        line.starts_with("# [keys]") || line.starts_with("# test =") || line.starts_with("# production =");
    // The acquirer's own rank differs from contract to contract.
    live += is_key && !is_keys && !line.starts_with("# rank") ? line.substr(2) : line;
  }
  const auto plain = parse(shop_example());
  const auto made = parse(live);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->shop.config.shop.return_mode, plain->shop.config.shop.return_mode);
  EXPECT_EQ(made->shop.config.shop.buyer_ticket, plain->shop.config.shop.buyer_ticket);
  EXPECT_EQ(made->shop.config.contracts[0].amount_max, plain->shop.config.contracts[0].amount_max);
}

TEST(ShopFile, MakesTheKeysThatItDoesNotHold) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto made = parse(shop_example(), seed);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->made_key_test);
    EXPECT_TRUE(made->made_key_production);
    for (const Mode mode : {Mode::test, Mode::production}) {
      const std::string key(vads::form_key(made->shop.config, mode).reveal());
      EXPECT_EQ(key.size(), 16U);
      EXPECT_TRUE(seen.insert(key).second);
    }
  }
  const auto given = parse(example_with("[[contract]]", "[keys]\ntest = \"1122334455667788\"\n[[contract]]"));
  ASSERT_TRUE(given) << given.error().detail;
  EXPECT_FALSE(given->made_key_test);
  EXPECT_TRUE(given->made_key_production);
  EXPECT_EQ(vads::form_key(given->shop.config, Mode::test).reveal(), "1122334455667788");
}

TEST(ShopFile, TellsEveryFaultAtOnce) {
  const std::string faults = faults_of(R"(
    [company]
    id = 0
    name = "C"
    [shop]
    id = 12345678
    name = ""
    country = "fr"
    colour = "red"
    [[contract]]
    id = 1
    method = "CASH"
    currency = "EUR"
    merchant_number = "1234567890123456"
    terminal_id = "001"
    acquirer_id = "1"
    [[contract]]
    id = 1
    method = "CB"
    currency = "EURO"
    merchant_number = "1"
    terminal_id = "001"
    acquirer_id = "1"
    acquirer = "other"
    amount_min = 500
    amount_max = 100
    [[rule]]
    rule = "end_of_payment"
    enabled = true
    [colours]
  )");
  for (const std::string_view fault :
       {"colours: there is no such table", "company.id: must be a number from 1", "group.id: is missing",
        "group.name: is missing", "shop.id: must be eight digits, in quotes", "shop.name: must be a text",
        "shop.url: is missing; it must begin with https://", "shop.country: must be two capital letters",
        "shop.timezone: is missing", "shop.colour: there is no such key", "contract[1].method: must be CB",
        "contract[1].merchant_number: must be 1 to 15", "contract[2].id: must be another one",
        "contract[2].currency: must be a currency", "contract[2].acquirer: the configuration",
        "contract[2].amount_max: must not be less", "rule[1].enabled: a rule that is on needs"}) {
    EXPECT_TRUE(faults.contains(fault)) << fault << "\nis not among\n" << faults;
  }
}

TEST(ShopFile, RefusesEachWrongValueByKeyAndRule) {
  struct Row {
    std::string_view old;
    std::string_view instead;
    std::string_view fault;
  };
  const Row rows[] = {
      {"\"12345678\"", "\"1234567\"", "shop.id: must be eight digits"},
      {"\"https://shop.example\"", "\"shop.example\"", "shop.url: must begin with"},
      {"\"https://shop.example\"", "\"https:///path\"", "shop.url: must begin with"},
      {"\"https://shop.example\"", "\"https://shop.example/a b\"", "shop.url: must begin with"},
      {"\"https://shop.example\"", "\"https://d\xC3\xA9p\xC3\xB4t.example\"", "shop.url: must begin with"},
      {"country = \"FR\"", "country = \"QQ\"", "shop.country: must be two capital letters"},
      {"country = \"FR\"", "country = \"\"", "shop.country: must be two capital letters"},
      {"\"contact@shop.example\"", "\"contact\"", "shop.contact_email: must be mail addresses"},
      {"language = \"fr\"", "language = \"xx\"", "shop.language: must be one of"},
      {"\"Europe/Paris\"", "\"Europe/Nowhere\"", "shop.timezone: must be a name"},
      {"\"5999\"", "5999", "shop.category_code: must be four digits (ISO 18245), in quotes"},
      {"# return_mode = \"GET\"", "return_mode = \"PUT\"", "shop.return_mode: must be GET, POST or NONE"},
      {"# silent_allowed = false", "silent_allowed = 1", "shop.silent_allowed: must be true or false"},
      {"# capture_delay_days = 0", "capture_delay_days = 366",
       "shop.capture_delay_days: must be a number from 0 to 365"},
      {"# frame_ancestors = \"\"", "frame_ancestors = \"https://a; script-src *\"",
       "shop.frame_ancestors: must be origins"},
      {"# [keys]\n# test = \"\"", "[keys]\ntest = \"short\"", "keys.test: must be 16 to 64 letters and digits"},
      {"# [keys]\n# test = \"\"\n# production = \"\"",
       "[keys]\ntest = \"1122334455667788\"\nproduction = \"1122334455667788\"",
       "keys.production: must be another one"},
      {"# capture_hour = 22", "capture_hour = 24", "contract[1].capture_hour: must be a number from 0 to 23"},
      {"rule = \"end_of_payment\"", "rule = \"refund\"", "rule[1].rule: must be end_of_payment"},
      {"\"it@shop.example\"", "\"it@shop.example;nobody\"", "rule[1].alert_addresses: must be mail addresses"},
      {"[[rule]]", "[rule]", "rule: must be written as [[rule]]"},
      {"[group]", "[group", "line 8"},
  };
  for (const Row& row : rows) {
    const std::string faults = faults_of(example_with(row.old, row.instead));
    EXPECT_TRUE(faults.starts_with(row.fault)) << row.fault << "\nis not\n" << faults;
  }
  EXPECT_TRUE(faults_of("").contains("contract: there must be one at least"));
}

// Each of these addresses is written into a header, a policy or a request some day.
TEST(ShopFile, RefusesInEveryAddressWhatNoHeaderCanHold) {
  const std::pair<std::string_view, std::string_view> keys[] = {
      {"\nurl = \"https://shop.example", "shop.url"},
      {"url_test = \"https://shop.example", "rule[1].url_test"},
      {"url_production = \"https://shop.example", "rule[1].url_production"},
      {"# frame_ancestors = \"", "shop.frame_ancestors"}};
  for (const auto& [begin, key] : keys) {
    const bool origin = key == "shop.frame_ancestors";
    const std::string start(begin.substr(origin ? 2 : 0));
    const std::string host = origin ? "https://a" : "";
    for (const std::string bad : {"\\u0000", "\\u0001", "\\t", "\\n", "\\r", "\\u001F", "\\u007F", " ", "\\\"", "<",
                                  ">", "`", "{", "\\\\", "^", "|"}) {
      const std::string faults = faults_of(example_with(begin, start + host + "/" + bad + "x"));
      EXPECT_TRUE(faults.starts_with(key)) << key << " with " << bad << ": " << faults;
    }
  }
}

}  // namespace
}  // namespace acquit::app

// The dialogues of a scheme's test suite must be read as what they are.
//
// None of the 35 is meant to be refused: each ran against the scheme's test system, and its answer is a decision, never
// an Erro. Numbers such as 3DSS-220-503 stand for decisions ("N, reason 85"), not for broken messages. Their generator
// filled some fields at random, though, so a few values break a rule that we keep; kRandomValues lists all of them.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "connectors/threeds/message.h"

namespace acquit::threeds {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCountryReason = "a random country number from the excluded block 901 to 999";
constexpr std::string_view kCurrencyReason = "a random number that is no currency";

// A field of a real AReq that fails with error 304, and why.
struct RandomValue {
  std::string_view folder;
  std::string_view field;
  std::string_view value;
  std::string_view reason;
};
constexpr RandomValue kRandomValues[] = {
    {"3DSS-210-101", "merchantRiskIndicator.giftCardCurr", "178", kCurrencyReason},
    {"3DSS-210-102", "shipAddrCountry", "998", kCountryReason},
    {"3DSS-210-102", "merchantRiskIndicator.giftCardCurr", "568", kCurrencyReason},
    {"3DSS-210-103", "shipAddrCountry", "914", kCountryReason},
    {"3DSS-210-104", "merchantRiskIndicator.giftCardCurr", "922", kCurrencyReason},
    {"3DSS-210-105", "merchantRiskIndicator.giftCardCurr", "389", kCurrencyReason},
    {"3DSS-210-106", "merchantRiskIndicator.giftCardCurr", "889", kCurrencyReason},
    {"3DSS-210-301", "merchantCountryCode", "992", kCountryReason},
    {"3DSS-210-301", "billAddrCountry", "958", kCountryReason},
    {"3DSS-210-301", "merchantRiskIndicator.giftCardCurr", "744", kCurrencyReason},
    {"3DSS-210-302", "billAddrCountry", "967", kCountryReason},
    {"3DSS-210-302", "merchantRiskIndicator.giftCardCurr", "696", kCurrencyReason},
    {"3DSS-210-401", "merchantRiskIndicator.giftCardCurr", "321", kCurrencyReason},
    {"3DSS-220-101", "merchantRiskIndicator.giftCardCurr", "775", kCurrencyReason},
    {"3DSS-220-102", "merchantRiskIndicator.giftCardCurr", "647", kCurrencyReason},
    {"3DSS-220-103", "merchantRiskIndicator.giftCardCurr", "369", kCurrencyReason},
    {"3DSS-220-104", "merchantRiskIndicator.giftCardCurr", "233", kCurrencyReason},
    {"3DSS-220-105", "merchantRiskIndicator.giftCardCurr", "199", kCurrencyReason},
    {"3DSS-220-106", "shipAddrCountry", "926", kCountryReason},
    {"3DSS-220-107", "merchantRiskIndicator.giftCardCurr", "685", kCurrencyReason},
    {"3DSS-220-301", "merchantRiskIndicator.giftCardCurr", "639", kCurrencyReason},
    {"3DSS-220-401", "merchantRiskIndicator.giftCardCurr", "859", kCurrencyReason},
    {"3DSS-220-403", "merchantRiskIndicator.giftCardCurr", "916", kCurrencyReason},
    {"3DSS-220-404", "merchantRiskIndicator.giftCardCurr", "528", kCurrencyReason},
    {"3DSS-220-501", "merchantRiskIndicator.giftCardCurr", "223", kCurrencyReason},
    {"3DSS-220-502", "merchantRiskIndicator.giftCardCurr", "576", kCurrencyReason},
    {"3DSS-220-503", "merchantRiskIndicator.giftCardCurr", "135", kCurrencyReason},
    {"3DSS-220-504", "merchantRiskIndicator.giftCardCurr", "816", kCurrencyReason},
    {"3DSS-220-505", "merchantRiskIndicator.giftCardCurr", "894", kCurrencyReason},
    {"3DSS-220-601", "merchantRiskIndicator.giftCardCurr", "317", kCurrencyReason},
    {"3DSS-220-602", "merchantRiskIndicator.giftCardCurr", "282", kCurrencyReason},
    {"3DSS-220-603", "billAddrCountry", "925", kCountryReason},
    {"3DSS-220-603", "merchantRiskIndicator.giftCardCurr", "395", kCurrencyReason},
    {"3DSS-220-701", "merchantRiskIndicator.giftCardCurr", "732", kCurrencyReason},
};

constexpr std::string_view kNames[] = {"preq", "pres", "areq", "ares", "creq", "cres", "rreq", "rres"};

std::optional<fs::path> dialogues() {
  const char* shared = std::getenv("ACQUIT_SHARED");  // NOLINT(concurrency-mt-unsafe): no thread yet.
  const fs::path path = (shared != nullptr ? fs::path(shared) : fs::path(ACQUIT_SOURCE_DIR) / ".." / "shared") /
                        "data" / "threeds" / "visa";
  return fs::is_directory(path) ? std::optional(path) : std::nullopt;
}

std::string read(const fs::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// "areq" is the file of an AReq.
std::optional<MessageType> type_named(std::string_view name) {
  std::string text(name);
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  text[1] = static_cast<char>(text[1] - 'a' + 'A');
  return parse_message_type(text);
}

// The fields of kRandomValues, in the order of the AReq table.
std::string known_failures(std::string_view folder) {
  std::string fields;
  for (const std::string_view field :
       {"merchantRiskIndicator.giftCardCurr", "merchantCountryCode", "billAddrCountry", "shipAddrCountry"}) {
    const bool known = std::ranges::any_of(
        kRandomValues, [&](const RandomValue& row) { return row.folder == folder && row.field == field; });
    if (known) fields += (fields.empty() ? "" : ",") + std::string(field);
  }
  return fields;
}

class Dialogues : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = dialogues();
    if (!path) GTEST_SKIP() << "the dialogues are not here: set ACQUIT_SHARED";
    for (const auto& folder : fs::directory_iterator(*path)) folders_.insert(folder.path());
  }
  std::set<fs::path> folders_;
};

TEST_F(Dialogues, AreReadAsWhatTheyAre) {
  int messages = 0;
  for (const fs::path& folder : folders_) {
    Exchange exchange;
    std::string category;
    std::string channel;
    for (const std::string_view name : kNames) {
      const fs::path file = folder / (std::string(name) + ".json");
      if (!fs::exists(file)) continue;
      SCOPED_TRACE(file.string());
      ++messages;
      const auto parsed = parse_message(read(file), {*type_named(name)}, exchange);
      EXPECT_EQ(parsed ? "" : parsed.error().detail, name == "areq" ? known_failures(folder.filename().string()) : "");
      if (!parsed) EXPECT_EQ(parsed.error().code, ProtocolErrorCode::iso_code_invalid);
      if (name == "areq") {
        const auto document = base::parse_json(read(file), 1U << 20U);
        category = document->root.get("messageCategory");
        channel = document->root.get("deviceChannel");
        exchange = {.category = category, .channel = channel};
      }
    }
  }
  EXPECT_EQ(folders_.size(), 35U);
  EXPECT_EQ(messages, 81);
}

TEST_F(Dialogues, StillPassOnceTheirRandomValuesAreMended) {
  for (const fs::path& folder : folders_) {
    const fs::path file = folder / "areq.json";
    if (!fs::exists(file)) continue;
    SCOPED_TRACE(file.string());
    auto document = base::parse_json(read(file), 1U << 20U);
    for (base::JsonMember& member : document->root.members) {
      if (member.name.ends_with("Country") || member.name == "merchantCountryCode") member.value.text = "250";
      if (member.name != "merchantRiskIndicator") continue;
      for (base::JsonMember& inner : member.value.members) {
        if (inner.name == "giftCardCurr") inner.value.text = "978";
      }
    }
    const auto parsed = parse_message(base::to_json(document->root), {MessageType::areq});
    EXPECT_TRUE(parsed) << parsed.error().detail;
  }
}

TEST_F(Dialogues, KeepTheirTransactionIdsThroughout) {
  for (const fs::path& folder : folders_) {
    std::map<std::string, std::set<std::string>> ids;
    for (const std::string_view name : kNames) {
      const fs::path file = folder / (std::string(name) + ".json");
      if (!fs::exists(file)) continue;
      const auto document = base::parse_json(read(file), 1U << 20U);
      for (const char* field : {"threeDSServerTransID", "acsTransID", "dsTransID"}) {
        if (const auto id = document->root.get(field); !id.empty()) ids[field].insert(std::string(id));
      }
    }
    for (const auto& [field, values] : ids) EXPECT_EQ(values.size(), 1U) << folder << ' ' << field;
  }
}

TEST_F(Dialogues, ComeBackTheSameAfterPrintingAndReading) {
  for (const fs::path& folder : folders_) {
    for (const std::string_view name : kNames) {
      const fs::path file = folder / (std::string(name) + ".json");
      if (!fs::exists(file)) continue;
      const auto once = base::parse_json(read(file), 1U << 20U);
      ASSERT_TRUE(once) << file;
      const auto twice = base::parse_json(base::to_json(once->root), 1U << 20U);
      ASSERT_TRUE(twice) << file;
      EXPECT_EQ(base::to_json(once->root), base::to_json(twice->root));
    }
  }
}

}  // namespace
}  // namespace acquit::threeds

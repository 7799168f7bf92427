#include "payments/store/card_ranges.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace acquit::payments {
namespace {

namespace fs = std::filesystem;
using merchants::Mode;

base::Result<CardTable> read(const std::string& text) {
  std::istringstream in(text);
  return CardTable::read(in);
}

std::string country_of(const CardTable& table, std::string_view digits) {
  const CardFacts* facts = table.find(digits);
  return facts == nullptr ? "" : facts->country;
}

TEST(CardRanges, AreFoundByTheirDigits) {
  const auto table = read(
      "bank_label;first;last;country;product\n"
      ";40000000;40000049;fr;f\n"
      "Banque;400000500;4000005009;de;MCW\n"
      ";510000;;be;\n");
  ASSERT_TRUE(table) << table.error().detail;
  struct Row {
    std::string_view digits;
    std::string_view country;
  };
  for (const Row& row :
       {Row{"3999999999999999", ""}, Row{"4000000000000002", "FR"}, Row{"4000004999999999", "FR"},
        Row{"4000005000000000", "DE"}, Row{"4000005009999999999", "DE"}, Row{"4000005010000000", ""},
        Row{"5100001234567890", "BE"}, Row{"5100010000000000", ""}, Row{"510000", "BE"}, Row{"", ""}}) {
    EXPECT_EQ(country_of(*table, row.digits), row.country) << row.digits;
  }
  EXPECT_EQ(table->find("4000000000000002")->product, "F");
  EXPECT_EQ(table->find("4000005000000000")->bank_label, "Banque");
}

TEST(CardRanges, NameEachFaultWithItsLine) {
  const auto table = read(
      "first,last,country,product,nature,category,bank_code,bank_label\n"
      "40000,,FR,,,,,\n"
      "400000,40000x,FR,,,,,\n"
      "400000,,FRA,,,,,\n"
      "400000,,FR,LONG,,,,\n"
      "400000,,FR,,CD,,,\n"
      "400000,,FR,,,A B,,\n"
      "400000,,FR,,,,123456,\n"
      "400001,400000,FR,,,,,\n"
      "500000,500009,FR,,,,,\n"
      "500009,,DE,,,,,\n");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().detail,
            "line 2: first and last have 6 to 19 digits\n"
            "line 3: first and last have 6 to 19 digits\n"
            "line 4: country has two letters (ISO 3166)\n"
            "line 5: product has at most three letters or digits\n"
            "line 6: nature is one letter: C, D or P\n"
            "line 7: category has at most 32 letters, digits or _\n"
            "line 8: bank_code has at most 5 digits\n"
            "line 9: last lies before first\n"
            "line 11: overlaps line 10");
  std::string many = "first,country\n";
  for (int i = 0; i < 30; ++i) many += "1,FR\n";
  EXPECT_TRUE(read(many).error().detail.ends_with("\nand 10 more"));
  EXPECT_EQ(read("first,land\n400000,FR\n").error().code, base::ErrorCode::field_missing);
}

TEST(CardRanges, HoldEqualFactsOnce) {
  std::string many = "first,country,bank_label\n";
  for (int i = 0; i < 200'000; ++i) many += std::to_string(40'000'000 + i) + ",FR,Banque de démonstration\n";
  const auto table = read(many);
  ASSERT_TRUE(table) << table.error().detail;
  EXPECT_EQ(table->size(), 200'000U);
  EXPECT_EQ(table->find("4000000000000002"), table->find("4019999900000000"));
}

class CardRangesFile : public ::testing::Test {
 protected:
  CardRangesFile()
      : path_(fs::temp_directory_path() / ("acquit_ranges_" + std::to_string(::getpid()) + "_" +
                                           ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv")) {}
  ~CardRangesFile() override { fs::remove(path_); }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  fs::path path_;
};

TEST_F(CardRangesFile, KnowTestCardsInTestOnly) {
  const auto ranges = CardRanges::load("");
  ASSERT_TRUE(ranges);
  EXPECT_EQ((*ranges)->find(Mode::test, "4970100000000055"), (CardFacts{.country = "FR",
                                                                        .product = "F",
                                                                        .nature = "D",
                                                                        .category = "CONSUMER",
                                                                        .bank_code = "17807",
                                                                        .bank_label = "Banque de démonstration"}));
  EXPECT_EQ((*ranges)->find(Mode::test, "5970100300000018").country, "FR");
  EXPECT_EQ((*ranges)->find(Mode::test, "4051700000003926").country, "JP");
  EXPECT_EQ((*ranges)->find(Mode::production, "4970100000000055"), CardFacts{});
}

TEST_F(CardRangesFile, AreReplacedWholeOrNotAtAll) {
  write("first,country\n400000,FR\n497010,BE\n");
  const auto ranges = CardRanges::load(path_);
  ASSERT_TRUE(ranges) << ranges.error().detail;
  EXPECT_EQ((*ranges)->find(Mode::production, "4000000000000002").country, "FR");
  EXPECT_EQ((*ranges)->find(Mode::test, "4970100000000055").country, "BE") << "the operator's word comes first";
  write("first,country\n400000,DE\n4000,FR\n");
  const auto bad = (*ranges)->reload();
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_TRUE(bad.error().detail.ends_with(": line 3: first and last have 6 to 19 digits")) << bad.error().detail;
  EXPECT_EQ((*ranges)->find(Mode::production, "4000000000000002").country, "FR");
  write("first,country\n400000,DE\n");
  EXPECT_TRUE((*ranges)->reload());
  EXPECT_EQ((*ranges)->find(Mode::production, "4000000000000002").country, "DE");
  fs::remove(path_);
  EXPECT_FALSE((*ranges)->reload());
  EXPECT_EQ((*ranges)->find(Mode::production, "4000000000000002").country, "DE");
  EXPECT_FALSE(CardRanges::load(path_));
}

}  // namespace
}  // namespace acquit::payments

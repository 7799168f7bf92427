#include "platform/geo/address_countries.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "platform/geo/testing/mmdb_file.h"

namespace acquit::platform {
namespace {

namespace fs = std::filesystem;
using testing::MmdbFile;

class AddressCountriesTest : public ::testing::Test {
 protected:
  AddressCountriesTest()
      : path_(fs::temp_directory_path() / ("acquit_geo_" + std::to_string(::getpid()) + "_" +
                                           ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".mmdb")) {
  }
  ~AddressCountriesTest() override { fs::remove(path_); }

  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
  [[nodiscard]] std::unique_ptr<AddressCountries> load() const {
    auto loaded = AddressCountries::load(path_);
    EXPECT_TRUE(loaded) << loaded.error().detail;
    return loaded ? *std::move(loaded) : nullptr;
  }
  fs::path path_;
};

TEST_F(AddressCountriesTest, KnowsTheNetworksOfItsFile) {
  write(MmdbFile().add("192.0.2.0", 24, "FR").add("198.51.100.128", 25, "de").add("2001:db8:7::", 48, "CH").bytes());
  const auto countries = load();
  ASSERT_TRUE(countries);
  struct Row {
    std::string address;
    std::string country;
  };
  for (const Row& row : {Row{"192.0.2.1", "FR"}, Row{"192.0.2.255", "FR"}, Row{"198.51.100.200", "DE"},
                         Row{"198.51.100.1", ""}, Row{"203.0.113.9", ""}, Row{"2001:db8:7::1", "CH"},
                         Row{"2001:db8:8::1", ""}, Row{"::ffff:192.0.2.7", "FR"}, Row{"", ""}, Row{"nowhere", ""}}) {
    EXPECT_EQ(countries->find(row.address), row.country) << row.address;
  }
}

TEST_F(AddressCountriesTest, ReadsTheLayoutsOfSeveralMakers) {
  for (const auto layout :
       {MmdbFile::Layout::country_iso_code, MmdbFile::Layout::registered_country, MmdbFile::Layout::country_code}) {
    write(MmdbFile(layout).add("192.0.2.0", 24, "BE").bytes());
    const auto countries = load();
    ASSERT_TRUE(countries);
    EXPECT_EQ(countries->find("192.0.2.1"), "BE");
  }
}

TEST_F(AddressCountriesTest, TellsNoCountryThatHasNoTwoLetters) {
  write(MmdbFile().add("192.0.2.0", 24, "Europe").add("198.51.100.0", 24, "1+").bytes());
  const auto countries = load();
  ASSERT_TRUE(countries);
  EXPECT_EQ(countries->find("192.0.2.1"), "");
  EXPECT_EQ(countries->find("198.51.100.1"), "");
}

TEST_F(AddressCountriesTest, TakesANewFileAndKeepsTheFormerWhereItIsBad) {
  write(MmdbFile().add("192.0.2.0", 24, "FR").bytes());
  const auto countries = load();
  ASSERT_TRUE(countries);
  write(MmdbFile().add("192.0.2.0", 24, "IT").bytes());
  EXPECT_EQ(countries->find("192.0.2.1"), "FR") << "the file was overwritten, not yet read again";
  EXPECT_TRUE(countries->reload());
  EXPECT_EQ(countries->find("192.0.2.1"), "IT");
  write("not such a file");
  const auto bad = countries->reload();
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, base::ErrorCode::configuration_invalid);
  EXPECT_TRUE(bad.error().detail.contains("not in MaxMind's format")) << bad.error().detail;
  EXPECT_EQ(countries->find("192.0.2.1"), "IT");
}

TEST_F(AddressCountriesTest, RefusesAFileThatIsNotThere) {
  const auto absent = AddressCountries::load(path_);
  ASSERT_FALSE(absent);
  EXPECT_TRUE(absent.error().detail.contains("can't be read")) << absent.error().detail;
  const auto none = AddressCountries::load("");
  ASSERT_TRUE(none);
  EXPECT_EQ((*none)->find("192.0.2.1"), "");
}

}  // namespace
}  // namespace acquit::platform

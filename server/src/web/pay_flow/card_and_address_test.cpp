// What the operator's tables say of a card and of the buyer's address, from the buyer's request to the shop's fields.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "platform/geo/testing/mmdb_file.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CardAndAddressTest : public FlowFixture {
 protected:
  CardAndAddressTest() {
    add_shop(form::sample_shop());
    card_ranges_ = must(payments::CardRanges::load(write(
        "csv",
        "first,country,product,nature,category,bank_code,bank_label\n4970100000,CH,MCW,C,COMMERCIAL,17807,Bank\n")));
    countries_ = must(platform::AddressCountries::load(
        write("mmdb", platform::testing::MmdbFile().add("192.0.2.0", 24, "BE").bytes())));
    env_->services().card_ranges = card_ranges_.get();
    env_->services().address_countries = countries_.get();
  }
  ~CardAndAddressTest() override {
    for (const auto& file : files_) std::filesystem::remove(file);
  }

  std::string enter(const std::string& address) {
    return header(call({.method = http::Method::post,
                        .path = "/vads-payment/",
                        .body = form::signed_body(form::good_fields()),
                        .remote_address = address}),
                  "location");
  }

 private:
  std::string write(const std::string& ending, const std::string& content) {
    const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                       ("acquit_facts_" + std::to_string(::getpid()) + "_" +
                                        testing::UnitTest::GetInstance()->current_test_info()->name() + "." + ending);
    std::ofstream(file, std::ios::binary) << content;
    files_.push_back(file);
    return file;
  }

  std::vector<std::filesystem::path> files_;
  std::unique_ptr<payments::CardRanges> card_ranges_;
  std::unique_ptr<platform::AddressCountries> countries_;
};

std::string hidden(const std::string& name, const std::string& value) {
  return "name=\"" + name + "\" value=\"" + value + "\"";
}

TEST_F(CardAndAddressTest, ReachTheShop) {
  const std::string page = enter("192.0.2.7");
  step(
      page + "/card",
      {{"card_number", "4970100000000055"}, {"expiry", "12/30"}, {"security_code", "123"}, {"card_holder", "A Buyer"}});
  const std::string result = look(page).body;
  for (const auto& [name, value] : base::FormFields{{"vads_card_country", "CH"},
                                                    {"vads_bank_product", "MCW"},
                                                    {"vads_card_nature", "C"},
                                                    {"vads_card_product_category", "COMMERCIAL"},
                                                    {"vads_bank_code", "17807"},
                                                    {"vads_bank_label", "Bank"},
                                                    {"vads_pays_ip", "BE"},
                                                    {"vads_trans_status", "AUTHORISED"}}) {
    EXPECT_THAT(result, HasSubstr(hidden(name, value)));
  }
}

TEST_F(CardAndAddressTest, SayTheAddressAlsoWhereTheBuyerLeaves) {
  const std::string page = enter("192.0.2.7");
  step(page + "/cancel", {});
  const std::string result = look(page).body;
  EXPECT_THAT(result, HasSubstr(hidden("vads_trans_status", "ABANDONED")));
  EXPECT_THAT(result, HasSubstr(hidden("vads_pays_ip", "BE")));
  EXPECT_THAT(result, HasSubstr(hidden("vads_card_country", "")));
  EXPECT_THAT(result, Not(HasSubstr("vads_expiry")));
}

}  // namespace
}  // namespace acquit::web

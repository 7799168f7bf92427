#include "payments/bank/bank_list.h"

#include <gtest/gtest.h>

#include <sstream>

namespace acquit::payments {
namespace {

base::Result<BankList> read(const std::string& text) {
  std::istringstream in(text);
  return read_bank_list(in);
}

TEST(BankList, IsReadByTheNamesOfItsColumns) {
  const auto bank = read(
      "Date;Reference;Status;Currency;Amount\r\n"
      "2026-11-27;7f0a26a58c8a;CAPTURED;eur;89.00\r\n"
      "2026-11-27;CEEA387E253B;declined;JPY;500\r\n");
  ASSERT_TRUE(bank) << bank.error().detail;
  ASSERT_EQ(bank->size(), 2U);
  const BankEntry& first = bank->at("7F0A26A58C8A");
  EXPECT_EQ(first.line, 2U);
  EXPECT_EQ(first.says, BankSays::captured);
  EXPECT_EQ(first.amount.to_decimal(), "89.00");
  EXPECT_TRUE(first.moves_money());
  EXPECT_EQ(bank->at("CEEA387E253B").amount.to_decimal(), "500");
  EXPECT_FALSE(bank->at("CEEA387E253B").moves_money());
}

TEST(BankList, SaysWhichLineIsWrongAndWhatItMustBe) {
  const std::string heading = "reference,status,amount,currency\n";
  const std::pair<std::string, std::string> cases[] = {
      {"reference,status,amount\n", "line 1: the heading has no column currency"},
      {heading + "123,captured,1.00,EUR\n", "line 2: reference: must be the twelve characters of DE 37; it has 3"},
      {heading + "7F0A26A58C8A,paid,1.00,EUR\n",
       "line 2: status: must be authorised, captured, credited, reversed or declined"},
      {heading + "7F0A26A58C8A,captured,1.00,EURO\n", "line 2: currency: must be a code of ISO 4217, as EUR"},
      {heading + "7F0A26A58C8A,captured,\"1,00\",EUR\n",
       "line 2: amount: must be decimal, as 12.50, and not below zero"},
      {heading + "7F0A26A58C8A,captured,-1.00,EUR\n", "line 2: amount: must be decimal, as 12.50, and not below zero"},
      {heading + "7F0A26A58C8A,captured,1.00,EUR\n7f0a26a58c8a,captured,1.00,EUR\n",
       "line 3: the reference stands on line 2 already"},
  };
  for (const auto& [text, expected] : cases) {
    const auto bank = read(text);
    ASSERT_FALSE(bank) << expected;
    EXPECT_EQ(bank.error().detail, expected);
  }
}

}  // namespace
}  // namespace acquit::payments

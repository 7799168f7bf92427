#include "protocols/vads/amounts.h"

#include <gtest/gtest.h>

namespace acquit::vads {
namespace {

base::Currency currency(std::string_view code) { return *base::Currency::from_code(code); }

TEST(Amounts, FollowTheFormsOwnDecimals) {
  struct Row {
    std::string_view code;
    std::int64_t form;
    std::int64_t minor;
  };
  const Row rows[] = {
      {"EUR", 5124, 5124}, {"JPY", 5124, 5124}, {"TND", 5124, 5124},    {"CNY", 5124, 5124},
      {"KHR", 5124, 5124}, {"IDR", 1, 100},     {"IDR", 5124, 512'400}, {"IDR", 999'999'999'999, 99'999'999'999'900}};
  for (const Row& row : rows) {
    const base::Money money = money_of(row.form, currency(row.code));
    EXPECT_EQ(money, base::Money(row.minor, currency(row.code))) << row.code;
    EXPECT_EQ(to_amount(money), std::to_string(row.form)) << row.code;
    EXPECT_TRUE(is_whole(money)) << row.code;
  }
  // A refund of half a rupiah can be made, but not named.
  EXPECT_EQ(to_amount({150, currency("IDR")}), "1");
  EXPECT_FALSE(is_whole({150, currency("IDR")}));
}

TEST(Amounts, KnowTheCurrenciesOfTheForm) {
  EXPECT_EQ(currency_of("360"), currency("IDR"));
  EXPECT_EQ(currency_of("036"), currency("AUD"));
  EXPECT_EQ(currency_of("048"), std::nullopt) << "BHD";
  for (const std::string_view other : {"000", "EUR", "", "٩٧٨"}) EXPECT_EQ(currency_of(other), std::nullopt) << other;
}

TEST(Amounts, TranslateThoseOfAPlan) {
  struct Row {
    std::string_view code;
    std::string_view form;
    std::string_view plan;
  };
  const Row rows[] = {
      {"EUR", "MULTI:first=1000;count=3;period=30", "MULTI:first=1000;count=3;period=30"},
      {"IDR", "SINGLE", "SINGLE"},
      {"IDR", "MULTI:first=1000;count=3;period=30", "MULTI:first=100000;count=3;period=30"},
      {"IDR", "MULTI_EXT:20231114=50;20231214=74", "MULTI_EXT:20231114=5000;20231214=7400"},
      {"IDR", "DOUBLE:first=1", "DOUBLE:first=100"},
  };
  for (const Row& row : rows) EXPECT_EQ(plan_text(row.form, currency(row.code)), row.plan) << row.code;
}

}  // namespace
}  // namespace acquit::vads

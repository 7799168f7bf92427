#include "base/currency.h"

#include <gtest/gtest.h>

#include <set>

namespace acquit::base {
namespace {

TEST(Currency, KnowsCodeNumberAndDecimals) {
  struct Row {
    const char* code;
    int number;
    int exponent;
  };
  const Row rows[] = {
      {"EUR", 978, 2}, {"CHF", 756, 2}, {"USD", 840, 2}, {"JPY", 392, 0}, {"TND", 788, 3}, {"XPF", 953, 0},
      {"ALL", 8, 2},   {"CLF", 990, 4}, {"KWD", 414, 3}, {"ISK", 352, 0}, {"AED", 784, 2}, {"ZWG", 924, 2},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.code);
    const auto currency = Currency::from_code(row.code);
    ASSERT_TRUE(currency);
    EXPECT_EQ(currency->code(), row.code);
    EXPECT_EQ(currency->number(), row.number);
    EXPECT_EQ(currency->exponent(), row.exponent);
    EXPECT_EQ(Currency::from_number(row.number), currency);
  }
}

TEST(Currency, RefusesWhatIsNotInTheTable) {
  for (const char* code : {"", "E", "EU", "EURO", "eur", "XXX", "AAA", "ZZZ", "978"}) {
    EXPECT_FALSE(Currency::from_code(code)) << code;
  }
  for (const int number : {-1, 0, 1, 999, 1978, 65536 + 978}) EXPECT_FALSE(Currency::from_number(number)) << number;
}

TEST(Currency, TableHasNoNumberTwiceAndOnlyKnownDecimals) {
  std::set<int> numbers;
  for (const CurrencyRow& row : currency_table()) {
    EXPECT_TRUE(numbers.insert(row.number).second) << row.code;
    EXPECT_TRUE(row.exponent == 0 || (row.exponent >= 2 && row.exponent <= 4)) << row.code;
    EXPECT_EQ(row.code.size(), 3U);
  }
}

}  // namespace
}  // namespace acquit::base

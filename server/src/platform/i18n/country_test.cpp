#include "platform/i18n/country.h"

#include <gtest/gtest.h>

namespace acquit::i18n {
namespace {

TEST(CountryNumber, IsThatOfTwoLetters) {
  EXPECT_EQ(country_number("FR"), 250);
  EXPECT_EQ(country_number("CH"), 756);
  for (const std::string_view none : {"", "QQ", "France"}) EXPECT_EQ(country_number(none), 0) << none;
}

}  // namespace
}  // namespace acquit::i18n

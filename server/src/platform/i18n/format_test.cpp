#include "platform/i18n/format.h"

#include <gtest/gtest.h>

#include <limits>

namespace acquit::i18n {
namespace {

base::Money money(std::int64_t minor, std::string_view currency) {
  return {minor, base::Currency::from_code(currency).value()};
}

struct MoneyRow {
  std::int64_t minor;
  std::string_view currency;
  Language language;
  std::string_view expected;
};

// U+00A0 and U+202F are written out: they look like spaces and are not.
constexpr MoneyRow kMoney[] = {
    {5124, "EUR", Language::fr, "51,24\u00a0€"},
    {123456789, "EUR", Language::fr, "1\u202f234\u202f567,89\u00a0€"},
    {5124, "EUR", Language::en, "€51.24"},
    {5124, "CHF", Language::de, "51,24\u00a0CHF"},
    {500, "JPY", Language::fr, "500\u00a0JPY"},
    {500, "JPY", Language::ja, "￥500"},
    {1234, "TND", Language::fr, "1,234\u00a0TND"},
    {-5, "EUR", Language::en, "-€0.05"},
    {0, "EUR", Language::nl, "€\u00a00,00"},
    {5124, "PLN", Language::pl, "51,24\u00a0zł"},
    {5124, "EUR", Language::tr, "€51,24"},
    {std::numeric_limits<std::int64_t>::max(), "JPY", Language::en, "JP¥9,223,372,036,854,775,807"},
};

TEST(FormatMoney, IsExactAndNative) {
  for (const auto& row : kMoney) {
    EXPECT_EQ(format_money(money(row.minor, row.currency), row.language), row.expected)
        << row.currency << ' ' << code(row.language);
  }
}

TEST(FormatMoney, KeepsTheCurrencysDecimalsInEveryLanguage) {
  // ICU rounds some currencies to what is paid in cash; a pay page shows what is charged.
  for (const auto language : all_languages()) {
    const auto text = format_money(money(1005, "HUF"), language);
    EXPECT_NE(text.find("05"), std::string::npos) << text;
  }
}

TEST(FormatDateTime, FollowsLanguageAndZone) {
  const auto time = base::time_from_ms(1'795'305'420'000);  // 2026-11-21T23:57:00Z
  EXPECT_EQ(format_date_time(time, Language::fr, "Europe/Paris"), "22 novembre 2026 à 00:57");
  EXPECT_EQ(format_date_time(time, Language::fr, "UTC"), "21 novembre 2026 à 23:57");
  EXPECT_EQ(format_date_time(time, Language::fr, "No/Where"), "21 novembre 2026 à 23:57");
  EXPECT_EQ(format_date_time(time, Language::de, "Europe/Zurich"), "22. November 2026 um 00:57");
  EXPECT_EQ(format_date_time(time, Language::ja, "Asia/Tokyo"), "2026年11月22日 8:57");
}

}  // namespace
}  // namespace acquit::i18n

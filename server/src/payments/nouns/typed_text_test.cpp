#include "payments/nouns/typed_text.h"

#include <gtest/gtest.h>

namespace acquit::payments {
namespace {

TEST(TypedText, ReadsDigitsHoweverTheyAreSpaced) {
  const char* const rows[] = {
      "4970100000000055",
      "4970 1000 0000 0055",
      " 4970  1000 0000 0055\n",
      "4970-1000-0000-0055",
      "4970.1000.0000.0055",
      "4970/1000/0000/0055",
      "4970\t1000\t0000\t0055",
      "4970\u00A01000\u00A00000\u00A00055",              // No-break space.
      "4970\u202F1000\u202F0000\u202F0055",              // Narrow no-break space.
      "4970\u20091000\u20090000\u20090055",              // Thin space.
      "4970\u20071000\u20070000\u20070055",              // Figure space.
      "4970\u30001000\u30000000\u30000055",              // Ideographic space.
      "4970\u20131000\u20130000\u20130055",              // En dash.
      "4970\u20121000\u20120000\u20120055",              // Figure dash.
      "4970\u20111000\u22120000\uFF0D0055",              // Non-breaking hyphen, minus, full-width hyphen.
      "4970\u30FC1000\u30FC0000\u30FC0055",              // The long vowel mark of a Japanese keyboard.
      "\u200E4970\u200B1000\uFEFF0000\u20600055\u200F",  // Marks of direction, zero-width space, byte order mark.
      "４９７０　１０００　００００　００５５",
      "４９７０．１０００．００００．００５５",
      "٤٩٧٠ ١٠٠٠ ٠٠٠٠ ٠٠٥٥",
      "۴۹۷۰ ۱۰۰۰ ۰۰۰۰ ۰۰۵۵",
      "४९७० १००० ०००० ००५५",
      "𝟒𝟗𝟕𝟎 𝟏𝟎𝟎𝟎 𝟎𝟎𝟎𝟎 𝟎𝟎𝟓𝟓",
  };
  for (const char* typed : rows) EXPECT_EQ(typed_digits(typed), "4970100000000055") << typed;
}

TEST(TypedText, LeavesWhatIsNoDigitToBeRefused) {
  EXPECT_EQ(typed_digits("4970x"), "4970x");
  EXPECT_EQ(typed_digits("12½"), "12½");
  EXPECT_EQ(typed_digits("12²"), "12²");
  EXPECT_EQ(typed_digits("十二"), "十二");
  EXPECT_EQ(typed_digits("12\xC3"), "12?");
  EXPECT_EQ(typed_digits(""), "");
  EXPECT_EQ(typed_digits(" \u3000-"), "");
}

TEST(TypedText, ReadsAnExpiryDateAsBrowsersPasswordManagersAndPeopleGiveIt) {
  using Date = std::pair<std::string, std::string>;
  const std::pair<const char*, Date> rows[] = {
      {"12/30", {"12", "30"}},
      {"12/2030", {"12", "2030"}},
      {"12 / 30", {"12", "30"}},
      {"12 / 2030", {"12", "2030"}},
      {"2030-12", {"12", "2030"}},
      {"2030/12", {"12", "2030"}},
      {"2030.1", {"1", "2030"}},
      {"2030 12", {"12", "2030"}},
      {"203012", {"12", "2030"}},
      {"122030", {"12", "2030"}},
      {"1230", {"12", "30"}},
      {"12-30", {"12", "30"}},
      {"12.30", {"12", "30"}},
      {"12 30", {"12", "30"}},
      {"12  2030", {"12", "2030"}},
      {"1/30", {"1", "30"}},
      {"1 2 3 0", {"12", "30"}},
      {"1 2 / 3 0", {"12", "30"}},
      {" 12/30 ", {"12", "30"}},
      {"12//30", {"12", "30"}},
      {"/12/30/", {"12", "30"}},
      {"12\u00A0/\u00A030", {"12", "30"}},
      {"12\u202F/\u202F2030", {"12", "2030"}},
      {"12\u201330", {"12", "30"}},
      {"12\u20122030", {"12", "2030"}},
      {"12\u221230", {"12", "30"}},
      {"\u200E12/30\u200F", {"12", "30"}},
      {"12\u200B/30", {"12", "30"}},
      {"１２／３０", {"12", "30"}},
      {"１２／２０３０", {"12", "2030"}},
      {"２０３０ー１２", {"12", "2030"}},
      {"２０３０年１２月", {"12", "2030"}},
      {"１２３０", {"12", "30"}},
      {"１２　３０", {"12", "30"}},
      {"١٢/٣٠", {"12", "30"}},
      {"12⁄30", {"12", "30"}},
      {"202012", {"12", "2020"}},
      {"", {"", ""}},
      {" / ", {"", ""}},
  };
  for (const auto& [typed, date] : rows) EXPECT_EQ(split_expiry(typed), date) << typed;
}

TEST(TypedText, GuessesNoExpiryDate) {
  for (const char* typed : {"12", "130", "12030", "31/12/2030", "1/2/3/0", "12/30/1", "4970100000000055", "12 30 5"}) {
    EXPECT_EQ(split_expiry(typed).second, "") << typed;
  }
  for (const char* typed : {"ab/cd", "dec 30", "12x30", "1\xC3/30"}) {
    const auto [month, year] = split_expiry(typed);
    EXPECT_NE(month.find_first_not_of("0123456789"), std::string::npos) << typed;
  }
}

TEST(TypedText, TidiesANameAndKeepsItsLetters) {
  EXPECT_EQ(typed_name("  Élodie \u00A0 d’Été\u3000"), "Élodie d’Été");
  EXPECT_EQ(typed_name("山田\u3000太郎"), "山田 太郎");
  EXPECT_EQ(typed_name("A\u200B\u200E\tB\r\nC"), "A B C");
  EXPECT_EQ(typed_name("A.-B'"), "A.-B'");
  EXPECT_EQ(typed_name("\xC3("), "\xC3(") << "for the caller to refuse";
  EXPECT_EQ(typed_name(" \u00A0"), "");
}

}  // namespace
}  // namespace acquit::payments

#include "base/card_numbers.h"

#include <gtest/gtest.h>

namespace acquit::base {
namespace {

TEST(CardNumbers, LuhnTable) {
  for (const char* digits : {"4970100000000055", "378282246310005", "5555555555554444", "0", "00", "18"}) {
    EXPECT_TRUE(luhn_valid(digits)) << digits;
  }
  for (const char* digits : {"4970100000000056", "378282246310006", "1", "19"})
    EXPECT_FALSE(luhn_valid(digits)) << digits;
}

struct Spelling {
  const char* text;
  const char* masked;
};
const Spelling kSpellings[] = {
    {"4970100000000055", "497010XXXXXX0055"},
    {"card 4970 1000 0000 0055.", "card 497010XXXXXX0055."},
    {"4970-1000-0000-0055", "497010XXXXXX0055"},
    {"4970.1000.0000.0055", "497010XXXXXX0055"},
    {"4970/1000/0000/0055", "497010XXXXXX0055"},
    {"4970_1000_0000_0055", "497010XXXXXX0055"},
    {"4970 - 1000 - 0000 - 0055", "497010XXXXXX0055"},
    {"4970  1000  0000  0055", "497010XXXXXX0055"},
    {"4970\t1000\t0000\t0055", "497010XXXXXX0055"},
    {"4970\r\n1000\r\n0000\r\n0055", "497010XXXXXX0055"},
    // Gaps that are not alike.
    {"4970 1000  0000 0055", "497010XXXXXX0055"},
    {"4970-1000 0000 0055", "497010XXXXXX0055"},
    {"4970 1000-0000 0055", "497010XXXXXX0055"},
    {"4970 -1000 0000- 0055", "497010XXXXXX0055"},
    {"4970.1000 0000_0055", "497010XXXXXX0055"},
    {"4970 1000\r\n      0000 0055", "497010XXXXXX0055"},
    {"4970\t1000 0000\u00a00055", "497010XXXXXX0055"},
    {"4970--1000--0000--0055", "497010XXXXXX0055"},
    {"4970,1000,0000,0055", "497010XXXXXX0055"},
    {"4970, 1000, 0000, 0055", "497010XXXXXX0055"},
    {"4970\uff0c1000\uff0c0000\uff0c0055", "497010XXXXXX0055"},
    // In other groups.
    {"49701 00000 000055", "497010XXXXXX0055"},
    {"497 010 000 000 0055", "497010XXXXXX0055"},
    {"49-7010-0000000055", "497010XXXXXX0055"},
    {"4970 10000000.0055", "497010XXXXXX0055"},
    {"3782822463-10005", "378282XXXXX0005"},
    {"3782-822463-10005", "378282XXXXX0005"},
    {"3782 82246 310 005", "378282XXXXX0005"},
    {"4970 1000 0000 0000 009", "497010XXXXXXXXX0009"},
    {"497010 0000 0000 00009", "497010XXXXXXXXX0009"},
    {"6703 1000 0000 0000 2", "670310XXXXXXX0002"},
    // What is not seen, or stands for something else: zero-width ones, soft hyphen, joiners, keycaps; HTML; JSON.
    {"4970\u200b1000\u200b0000\u200b0055", "497010XXXXXX0055"},
    {"49\u200b70100\u200d000\ufeff0000\u206055", "497010XXXXXX0055"},
    {"4970\u00ad1000\u00ad0000\u00ad0055", "497010XXXXXX0055"},
    {"\u202d4970 1000 0000 0055\u202c", "\u202d497010XXXXXX0055\u202c"},
    {"4\ufe0f\u20e39\ufe0f\u20e370100000000055", "497010XXXXXX0055"},
    {"4970&nbsp;1000&nbsp;0000&nbsp;0055", "497010XXXXXX0055"},
    {"4970&#160;1000&#xA0;0000&#xa0;0055", "497010XXXXXX0055"},
    {"4970&amp;nbsp;1000&amp;amp;#160;0000 0055", "497010XXXXXX0055"},
    {"4970&shy;1000&#8203;0000&zwnj;0055", "497010XXXXXX0055"},
    {"&#52;&#57;&#55;&#48;100000000055", "497010XXXXXX0055"},
    {R"(4970\u00a01000\u20020000\u200b0055)", "497010XXXXXX0055"},
    {R"(4970\n1000\n0000\n0055)", "497010XXXXXX0055"},
    {"49701000 00000055", "497010XXXXXX0055"},
    {"497010 0000000055", "497010XXXXXX0055"},
    {"497010 000000 0055", "497010XXXXXX0055"},
    {"3782 822463 10005", "378282XXXXX0005"},
    {"3782 8224 6310 005", "378282XXXXX0005"},
    {"3056 930902 5904", "305693XXXX5904"},
    {"30569309025904", "305693XXXX5904"},
    {"4 9 7 0 1 0 0 0 0 0 0 0 0 0 5 5", "497010XXXXXX0055"},
    {"49 70 10 00 00 00 00 55", "497010XXXXXX0055"},
    // NBSP, narrow NBSP, ideographic blank; hyphen, en dash, minus, full-width hyphen; middle dot.
    {"4970\u00a01000\u00a00000\u00a00055", "497010XXXXXX0055"},
    {"4970\u202f1000\u202f0000\u202f0055", "497010XXXXXX0055"},
    {"4970\u30001000\u30000000\u30000055", "497010XXXXXX0055"},
    {"4970\u20101000\u20100000\u20100055", "497010XXXXXX0055"},
    {"4970\u20131000\u20130000\u20130055", "497010XXXXXX0055"},
    {"4970\u22121000\u22120000\u22120055", "497010XXXXXX0055"},
    {"4970\uff0d1000\uff0d0000\uff0d0055", "497010XXXXXX0055"},
    {"4970\u00b71000\u00b70000\u00b70055", "497010XXXXXX0055"},
    // Digits of other scripts: full-width, Arabic-Indic, Devanagari.
    {"４９７０１０００００００００５５", "497010XXXXXX0055"},
    {"４９７０　１０００　００００　００５５", "497010XXXXXX0055"},
    {"٤٩٧٠١٠٠٠٠٠٠٠٠٠٥٥", "497010XXXXXX0055"},
    {"४९७०१०००००००००५५", "497010XXXXXX0055"},
    {"カード番号４９７０１０００００００００５５です", "カード番号497010XXXXXX0055です"},
    // In addresses.
    {"https://shop.example/?card=4970%201000%200000%200055&x=1", "https://shop.example/?card=497010XXXXXX0055&x=1"},
    {"?card=4970+1000+0000+0055", "?card=497010XXXXXX0055"},
    {"?card=4970%2D1000%2D0000%2D0055", "?card=497010XXXXXX0055"},
    {"?card=4970%2d1000+0000%200055", "?card=497010XXXXXX0055"},
    {"?card=4970%2B1000%2B0000%2B0055", "?card=497010XXXXXX0055"},
    {"?card=4970%20%201000++0000%0D%0A0055", "?card=497010XXXXXX0055"},
    {"?card=4970%2C1000%2C0000%2C0055", "?card=497010XXXXXX0055"},
    {"?to=%2F%3Fcard%3D4970%25201000%25200000%25200055", "?to=%2F%3Fcard%3D497010XXXXXX0055"},
    {"4970%C2%A01000%C2%A00000%C2%A00055", "497010XXXXXX0055"},
    {"%34%39%37%30%31%30%30%30%30%30%30%30%30%30%35%35", "497010XXXXXX0055"},
    {"/pay/4970100000000055/done", "/pay/497010XXXXXX0055/done"},
    // Digits and words beside a card do not hide it.
    {"ref 12 4970100000000055", "ref 12 497010XXXXXX0055"},
    {"2026-11-22 4970100000000055", "2026-11-22 497010XXXXXX0055"},
    {"5124 4970 1000 0000 0055 978", "5124 497010XXXXXX0055 978"},
    {"4970100000000055 4970100000000055", "497010XXXXXX0055 497010XXXXXX0055"},
    {"4970100000000055-4970100000000055", "497010XXXXXX0055-497010XXXXXX0055"},
    {"4970100000000055 12/27 123", "497010XXXXXX0055 12/27 123"},
    {"4970100000000055/123", "497010XXXXXX0055/123"},
    {"4970100000000055,123,12/27", "497010XXXXXX0055,123,12/27"},
    {"CB4970100000000055", "CB497010XXXXXX0055"},
    {"VISA-4970-1000-0000-0055", "VISA-497010XXXXXX0055"},
    {"n°4970100000000055", "n°497010XXXXXX0055"},
    {"vads_ext_info_4970100000000055", "vads_ext_info_497010XXXXXX0055"},
    {"{\"pan\":\"4970100000000055\"}", "{\"pan\":\"497010XXXXXX0055\"}"},
    {R"(card\n4970100000000055)", R"(card\n497010XXXXXX0055)"},
    {"carte : 4970100000000055\xff", "carte : 497010XXXXXX0055\xff"},
    {"Luhn of 19 digits: 4970100000000000009", "Luhn of 19 digits: 497010XXXXXXXXX0009"},
};

TEST(CardNumbers, AreFoundAndMaskedInEverySpelling) {
  for (const Spelling& row : kSpellings) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(mask_card_numbers(row.text), row.masked);
    EXPECT_TRUE(contains_card_number(row.text));
    EXPECT_FALSE(contains_card_number(row.masked));
  }
}

TEST(CardNumbers, AreNotSeenInOtherNumbers) {
  const char* const rows[] = {
      "",
      "497010000005",          // Too short.
      "49701000000000550000",  // Too long.
      "4970100000000056",      // Not Luhn.
      "1800000000000002",      // No card's first digit.
      "4006381333931",         // An EAN-13 that passes the Luhn check.
      "4000000000006",
      "20261122001634",
      "x4970100000000055x4970100000000055",
      "AB4970100000000055",
      "4970100000000055B",
      "é4970100000000055",
      "ORD-4970100000000055",
      "4970-1000-0000-0055-a1",
      "f47ac10b-4970-1000-0000-0055deadbeef",
      "0.4970100000000055",
      "0,4970100000000055",
      "48.4970100000000055",
      "4970100000000055.25",
      "FR76 3000 6000 0112 3456 7890 189",
      "DE89370400440532013000",
      "GB29 NWBK 6016 1331 9268 19",
      "FR14 2004 1010 0505 0001 3M02 606",
      "+33 6 12 34 56 78 / +33 1 45 67 89 01",
      "49 70 10 00 00 00 00 55 12",
      "4970,1000/0000 0055",
      "5105 1051 / 0510 5100",  // Two telephone numbers.
      "5105 1051, 0510 5100",
      "49701 00000 00005 5",  // One digit alone is no group.
      "1764244496123456789",
      "1867300123456789012",
      "38912340700006",  // SIRET, its company's number with it.
      "389 123 407 00006",
      "21 00000 00003 13947 14300 09017",
      "210000000003139471430009017",
      "99.00.123456.12345678",
      "652-3602416-8845567",
      "RF18 5390 0754 7034",
      "JJD014600002900000055",
      "1Z4970100000000055",
      "6A12345678901",
      "&4970100000000056;",
      "\\u4970100000000056",
  };
  for (const char* text : rows) {
    SCOPED_TRACE(text);
    EXPECT_EQ(mask_card_numbers(text), text);
    EXPECT_FALSE(contains_card_number(text));
  }
}

TEST(CardNumbers, OfAnyLengthAreMaskedInOnePass) {
  std::string text;
  std::string masked;
  for (int i = 0; i < 20'000; ++i) {
    text += "4970100000000055 ";
    masked += "497010XXXXXX0055 ";
  }
  EXPECT_EQ(mask_card_numbers(text), masked);
}

}  // namespace
}  // namespace acquit::base

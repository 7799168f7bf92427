// A corpus in both directions: a million generated numbers of each kind that is no card, and cards in all spellings.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "base/card_numbers.h"
#include "base/random.h"

namespace acquit::base {
namespace {

constexpr int kValues = 1'000'000;

class Generator {
 public:
  [[nodiscard]] std::string digits(std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + random_.below(10));
    return out;
  }
  [[nodiscard]] std::string number(std::uint64_t from, std::uint64_t to, std::size_t width) {
    const std::string out = std::to_string(from + random_.below(to - from + 1));
    return std::string(width - std::min(width, out.size()), '0') + out;
  }
  [[nodiscard]] std::string hex(std::size_t count) {
    std::string out;
    while (out.size() < count) out += "0123456789abcdef"[random_.below(16)];
    return out;
  }
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }

 private:
  SeededRandom random_{16};
};

// The check digit of a GTIN: weights 3 and 1 from the right.
std::string with_gtin_check(std::string digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string with_luhn_check(std::string digits) {
  digits += '0';
  while (!luhn_valid(digits)) ++digits.back();
  return digits;
}

std::string iban(Generator& make, std::string_view country, std::size_t digits) {
  const std::string account = make.digits(digits);
  int rest = 0;
  std::string text = account;
  for (const char c : country) text += std::to_string(c - 'A' + 10);
  for (const char c : text + "00") rest = (rest * 10 + (c - '0')) % 97;
  const std::string check = std::to_string(98 - rest);
  std::string all = std::string(country) + (check.size() < 2 ? "0" : "") + check + account;
  if (make.below(2) == 0) return all;
  std::string spaced;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && i % 4 == 0) spaced += ' ';
    spaced += all[i];
  }
  return spaced;
}

std::string uuid(Generator& make) {
  const std::string text = make.hex(8) + '-' + make.hex(4) + "-4" + make.hex(3) + '-' + "89ab"[make.below(4)] +
                           make.hex(3) + '-' + make.hex(12);
  return make.below(2) == 0 ? text : ascii_upper(text);
}

std::string phone(Generator& make) {
  switch (make.below(6)) {
    case 0: return "+33 " + make.number(1, 9, 1) + " 12 " + make.number(10, 99, 2) + " 56 " + make.digits(2);
    case 1: return "0" + make.number(100'000'000, 999'999'999, 9);
    case 2: return "+49 " + make.number(30, 9999, 2) + " " + make.number(100'000, 99'999'999, 6);
    case 3: return "+41 79 " + make.digits(3) + " " + make.digits(2) + " " + make.digits(2);
    case 4: return "00" + make.number(30, 49, 2) + make.digits(9);
    default: return "+1 (" + make.digits(3) + ") " + make.digits(3) + "-" + make.digits(4);
  }
}

std::string order_number(Generator& make) {
  switch (make.below(6)) {
    case 0: return "ORD-" + make.number(2020, 2039, 4) + "-" + make.digits(6);
    case 1: return make.number(1, 9'999'999'999, 1);
    case 2: return make.digits(3) + "-" + make.digits(7) + "-" + make.digits(7);
    case 3: return "CMD" + make.digits(16);
    case 4: return "shop-" + make.digits(16);
    default: return make.digits(12) + ascii_upper(make.hex(1)) + "X";
  }
}

std::string timestamp(Generator& make) {
  const std::string day = make.number(2015, 2039, 4) + make.number(1, 12, 2) + make.number(1, 28, 2);
  const std::string time = make.number(0, 23, 2) + make.number(0, 59, 2) + make.number(0, 59, 2);
  switch (make.below(5)) {
    case 0: return day + time;
    case 1: return day + "T" + time + "Z";
    case 2: return day + time + make.digits(3);
    case 3: return std::to_string(1'500'000'000'000 + make.below(500'000'000'000)) + make.digits(make.below(2) * 3);
    default:
      return day.substr(0, 4) + "-" + day.substr(4, 2) + "-" + day.substr(6) + " " + time.substr(0, 2) + ":" +
             time.substr(2, 2) + ":" + time.substr(4) + "." + make.digits(6);
  }
}

std::string mod_10_recursive(const std::string& digits) {
  constexpr std::array kTable{0, 9, 4, 6, 8, 2, 7, 1, 3, 5};
  std::size_t carry = 0;
  for (const char c : digits)
    carry = static_cast<std::size_t>(kTable.at((carry + static_cast<std::size_t>(c - '0')) % 10));
  return digits + static_cast<char>('0' + (10 - carry) % 10);
}

// As printed on a Swiss QR bill, or in one piece.
std::string qr_reference(Generator& make) {
  std::string digits = mod_10_recursive(make.digits(26));
  if (make.below(2) == 0) return digits;
  std::string spaced = digits.substr(0, 2);
  for (std::size_t at = 2; at < digits.size(); at += 5) spaced += ' ' + digits.substr(at, 5);
  return spaced;
}

std::string parcel(Generator& make) {
  switch (make.below(7)) {
    case 0: return "6" + std::string(1, static_cast<char>('A' + make.below(26))) + make.digits(11);  // Colissimo.
    case 1: return "8" + make.digits(12);
    case 2: return "1Z" + ascii_upper(make.hex(6)) + make.digits(10);
    case 3: return "JJD" + make.digits(18);
    case 4: return "003404" + make.digits(14);
    case 5: return "99" + make.digits(16);
    default: return "99." + make.digits(2) + "." + make.digits(6) + "." + make.digits(8);
  }
}

// A company's office: fewer than a thousand of one company.
std::string siret(Generator& make) {
  const std::string company = with_luhn_check(make.digits(8));
  std::string all = with_luhn_check(company + "000" + make.digits(1));
  if (make.below(2) == 0) return all;
  return company.substr(0, 3) + " " + company.substr(3, 3) + " " + company.substr(6) + " " + all.substr(9);
}

std::string moment_in_nanoseconds(Generator& make) {
  return make.number(1'400'000'000, 2'500'000'000, 10) + make.digits(9);
}

// Of the years 2022 to 2035, by the clocks of the two that are met most.
std::string snowflake(Generator& make) {
  const std::uint64_t ms = 1'640'995'200'000 + make.below(430'000'000'000);
  const std::uint64_t epoch = make.below(2) == 0 ? 1'288'834'974'657 : 1'420'070'400'000;
  return std::to_string(((ms - epoch) << 22U) + make.below(1U << 22U));
}

std::string imei(Generator& make) {
  constexpr std::array kBegin{"35", "86", "01", "99"};
  return with_luhn_check(kBegin.at(make.below(4)) + make.digits(12));
}

std::string iccid(Generator& make) { return with_luhn_check("89" + make.digits(make.below(2) == 0 ? 16 : 17)); }

TEST(CardNumbers, AreSeenInFewerThanOneOfAHundredThousandOtherNumbers) {
  const std::map<std::string, std::function<std::string(Generator&)>> kinds{
      {"EAN-13", [](Generator& make) { return with_gtin_check("400" + make.digits(9)); }},
      {"EAN-8", [](Generator& make) { return with_gtin_check(make.digits(7)); }},
      {"French IBAN", [](Generator& make) { return iban(make, "FR", 23); }},
      {"German IBAN", [](Generator& make) { return iban(make, "DE", 18); }},
      {"Belgian IBAN", [](Generator& make) { return iban(make, "BE", 12); }},
      {"UUID", uuid},
      {"UUID without hyphens", [](Generator& make) { return make.hex(32); }},
      {"phone", phone},
      {"order number", order_number},
      {"timestamp", timestamp},
      {"moment in nanoseconds", moment_in_nanoseconds},
      {"Snowflake", snowflake},
      {"parcel", parcel},
      {"SIRET", siret},
      {"IMEI", imei},
      {"ICCID", iccid},
      {"QR reference", qr_reference},
      {"Swiss IBAN", [](Generator& make) { return iban(make, "CH", 17); }},
      {"Lithuanian IBAN", [](Generator& make) { return iban(make, "LT", 16); }},
      {"decimal", [](Generator& make) { return "0." + make.digits(16); }}};
  for (const auto& [kind, make_one] : kinds) {
    Generator make;
    int alarms = 0;
    std::string last;
    for (int i = 0; i < kValues; ++i) {
      const std::string value = make_one(make);
      if (!contains_card_number(value)) continue;
      ++alarms;
      last = value;
    }
    EXPECT_LT(alarms, kValues / 100'000) << kind << " such as " << last;
  }
}

// Some digits are a card number to whoever does not know what they are: docs/card-numbers.md says how often.
TEST(CardNumbers, AreSeenNoOftenerThanIsDocumentedInNumbersThatCannotBeToldApart) {
  struct Kind {
    const char* name;
    std::function<std::string(Generator&)> make_one;
    int one_in;
  };
  const Kind kinds[] = {
      {"sixteen digits", [](Generator& make) { return make.digits(16); }, 25},
      {"sixteen digits that begin with 4", [](Generator& make) { return "4" + make.digits(15); }, 9},
      {"sixteen digits that begin with 5", [](Generator& make) { return "5" + make.digits(15); }, 9},
      {"fifteen digits", [](Generator& make) { return make.digits(15); }, 450},
      {"fourteen digits", [](Generator& make) { return make.digits(14); }, 250},
      {"seventeen digits", [](Generator& make) { return make.digits(17); }, 250},
      {"eighteen digits", [](Generator& make) { return make.digits(18); }, 250},
      {"nineteen digits", [](Generator& make) { return make.digits(19); }, 70},
      {"SSCC-18", [](Generator& make) { return with_gtin_check(make.digits(17)); }, 250},
      {"GTIN-14", [](Generator& make) { return with_gtin_check(make.digits(13)); }, 250},
      {"IMEI with the version", [](Generator& make) { return "35" + make.digits(14); }, 15},
      {"pair of telephone numbers of eight digits",
       [](Generator& make) {
         return "6" + make.digits(3) + " " + make.digits(4) + " - 9" + make.digits(3) + " " + make.digits(4);
       },
       9},
  };
  for (const Kind& kind : kinds) {
    Generator make;
    int alarms = 0;
    constexpr int kFewer = kValues / 5;
    for (int i = 0; i < kFewer; ++i) alarms += contains_card_number(kind.make_one(make)) ? 1 : 0;
    EXPECT_LT(alarms, kFewer / kind.one_in) << kind.name;
    EXPECT_GT(alarms, kFewer / kind.one_in / 4) << kind.name << ": better than is documented";
  }
}

// What people type, paste and programs print: each gap another one.
TEST(CardNumbers, AreFoundWhateverTheGaps) {
  const char* const gaps[] = {"",       " ",      "  ",        "-",      " - ",     "- ",     ".",      "_",
                              "\t",     "\r\n",   "\n    ",    "\u00a0", "\u202f",  "\u2007", "\u200b", "\u00ad",
                              "\ufeff", "&nbsp;", "&#160;",    "&#xa0;", "&shy;",   "%20",    "%2D",    "%09",
                              "%C2%A0", "+",      "%E2%80%8B", "\u2011", "\\u00a0", "\\n",    "%2520",  "\u3000"};
  Generator make;
  for (int i = 0; i < kValues / 10; ++i) {
    const bool amex = make.below(5) == 0;
    const std::string number = with_luhn_check(amex ? "37" + make.digits(12) : "4" + make.digits(14));
    const std::vector<std::size_t> groups =
        amex ? std::vector<std::size_t>{4, 6, 5} : std::vector<std::size_t>{4, 4, 4, 4};
    std::string text;
    std::size_t at = 0;
    for (const std::size_t group : groups) {
      if (at > 0) text += gaps[make.below(std::size(gaps))];
      text += number.substr(at, group);
      at += group;
    }
    ASSERT_EQ(find_card_numbers("Carte: " + text + " (12/27)").size(), 1U) << text;
    ASSERT_EQ(find_card_numbers(text).at(0).digits, number) << text;
  }
}

TEST(CardNumbers, OfEveryRangeAreFoundInEveryUsualSpelling) {
  struct Scheme {
    const char* prefix;
    std::size_t size;
    std::vector<std::size_t> groups;
  };
  const Scheme schemes[] = {{"4", 16, {4, 4, 4, 4}},    {"51", 16, {4, 4, 4, 4}},      {"2221", 16, {4, 4, 4, 4}},
                            {"34", 15, {4, 6, 5}},      {"37", 15, {4, 6, 5}},         {"36", 14, {4, 6, 4}},
                            {"3528", 16, {4, 4, 4, 4}}, {"6011", 16, {4, 4, 4, 4}},    {"62", 19, {4, 4, 4, 4, 3}},
                            {"4", 19, {4, 4, 4, 4, 3}}, {"50", 16, {4, 4, 4, 4}},      {"6759", 18, {4, 4, 4, 4, 2}},
                            {"67", 16, {4, 4, 4, 4}},   {"6703", 17, {4, 4, 4, 4, 1}}, {"300", 14, {4, 6, 4}},
                            {"56", 16, {4, 4, 4, 4}}};
  Generator make;
  for (int i = 0; i < kValues / 10; ++i) {
    const Scheme& scheme = schemes[make.below(std::size(schemes))];
    const std::string prefix = scheme.prefix;
    const std::string number = with_luhn_check(prefix + make.digits(scheme.size - prefix.size() - 1));
    const char* const gaps[] = {"", " ", "-", ".", "/", "\u00a0", "%20", "\u2009"};
    const std::string gap = gaps[make.below(std::size(gaps))];
    std::string text;
    std::size_t at = 0;
    for (const std::size_t group : scheme.groups) {
      text += (at == 0 ? "" : gap) + number.substr(at, group);
      at += group;
    }
    ASSERT_TRUE(contains_card_number(text)) << text;
    ASSERT_TRUE(contains_card_number("Carte : " + text + ", merci.")) << text;
  }
}

}  // namespace
}  // namespace acquit::base

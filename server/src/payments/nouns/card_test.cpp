#include "payments/nouns/card.h"

#include <gtest/gtest.h>

namespace acquit::payments {
namespace {

// 15 June 2026.
constexpr base::Time kNow{std::chrono::sys_days{std::chrono::year{2026} / 6 / 15}};

TypedCard good() {
  return {.number = base::Pan("4970 1000-0000 0055"),
          .expiry_month = "12",
          .expiry_year = "30",
          .security_code = base::SecurityCode("123"),
          .holder = " A BUYER ",
          .method = "VISA"};
}

/// "field code", or "ok", of the first problem.
std::string outcome(const TypedCard& typed, base::Time now = kNow) {
  const auto checked = check_card(typed, now);
  if (checked) return "ok";
  const base::Error& first = checked.error().errors.front();
  return first.field + " " + std::string(base::error_row(first.code).token);
}

TEST(Card, IsReadAsTyped) {
  const auto card = check_card(good(), kNow);
  ASSERT_TRUE(card);
  EXPECT_EQ(card->pan.reveal(), "4970100000000055");
  EXPECT_EQ(card->expiry_year, 2030);
  EXPECT_EQ(card->expiry_month, 12);
  EXPECT_EQ(card->security_code.reveal(), "123");
  EXPECT_EQ(card->holder, "A BUYER");
  EXPECT_EQ(card->method, "VISA");
}

TEST(Card, NumberHasThirteenToNineteenDigitsThatPassTheCheck) {
  const std::pair<const char*, const char*> rows[] = {
      {"4970100000000055", "ok"},
      {"4222222222222", "ok"},
      {"6304000000000000001", "card_number card_invalid"},
      {"", "card_number field_missing"},
      {" - ", "card_number field_missing"},
      {"4970100000000056", "card_number card_invalid"},
      {"4970100000000505", "card_number card_invalid"},
      {"497010000000", "card_number card_invalid"},
      {"00000000000000000000", "card_number card_invalid"},
      {"49701000000000x5", "card_number card_invalid"},
      {"4970\t100000000055", "ok"},
  };
  for (const auto& [number, expected] : rows) {
    TypedCard typed = good();
    typed.number = base::Pan(number);
    EXPECT_EQ(outcome(typed), expected) << number;
  }
}

TEST(Card, ExpiryIsAMonthToComeOrThisOne) {
  struct Row {
    const char* month;
    const char* year;
    const char* expected;
  };
  const Row rows[] = {
      {"6", "26", "ok"},
      {"06", "2026", "ok"},
      {"5", "26", "expiry card_expired"},
      {"12", "2025", "expiry card_expired"},
      {"12", "46", "ok"},
      {"1", "47", "expiry field_value"},
      {"0", "30", "expiry field_format"},
      {"13", "30", "expiry field_format"},
      {"", "30", "expiry field_format"},
      {"", "", "expiry field_missing"},
      {"12", "", "expiry field_format"},
      {"12", "030", "expiry field_format"},
      {"-1", "30", "expiry field_format"},
      {"1a", "30", "expiry field_format"},
      {"12", "99999999999", "expiry field_format"},
  };
  for (const Row& row : rows) {
    TypedCard typed = good();
    typed.expiry_month = row.month;
    typed.expiry_year = row.year;
    EXPECT_EQ(outcome(typed), row.expected) << row.month << "/" << row.year;
  }
}

TEST(Card, IsGoodToTheEndOfItsMonthEverywhereOnEarth) {
  TypedCard typed = good();
  typed.expiry_month = "6";
  typed.expiry_year = "26";
  const base::Time end = std::chrono::sys_days(std::chrono::year(2026) / 7 / 1);
  EXPECT_EQ(outcome(typed, end), "ok");
  EXPECT_EQ(outcome(typed, end + std::chrono::hours(12) - base::Milliseconds(1)), "ok") << "the last time zone";
  EXPECT_EQ(outcome(typed, end + std::chrono::hours(12)), "expiry card_expired");
}

TEST(Card, SecurityCodeHasThreeDigitsAndFourOnAmex) {
  struct Row {
    const char* number;
    const char* code;
    const char* expected;
  };
  const Row rows[] = {
      {"4970100000000055", "123", "ok"},
      {"4970100000000055", "1234", "security_code field_format"},
      {"4970100000000055", "12", "security_code field_format"},
      {"4970100000000055", "12x", "security_code field_format"},
      {"4970100000000055", "", "security_code field_missing"},
      {"375900000010015", "1234", "ok"},
      {"375900000010015", "123", "security_code field_format"},
  };
  for (const Row& row : rows) {
    TypedCard typed = good();
    typed.number = base::Pan(row.number);
    typed.security_code = base::SecurityCode(row.code);
    EXPECT_EQ(outcome(typed), row.expected) << row.number << " " << row.code;
  }
}

TEST(Card, HolderIsANameAndNoCardNumber) {
  TypedCard typed = good();
  typed.holder = std::string(60, 'x');
  EXPECT_EQ(outcome(typed), "ok");
  typed.holder = std::string(61, 'x');
  EXPECT_EQ(outcome(typed), "card_holder field_too_long");
  typed.holder = "\xC3\x28";
  EXPECT_EQ(outcome(typed), "card_holder field_too_long");
  typed.holder = "\xF0";
  EXPECT_EQ(outcome(typed), "card_holder field_too_long");
  for (const char* number :
       {"4970 1000 0000 0055", "４９７０１０００００００００５５", "4970\u00A01000\u00A00000\u00A00055"}) {
    typed.holder = number;
    EXPECT_EQ(outcome(typed), "card_holder sensitive_data") << number;
  }
}

TEST(Card, TellsAllProblemsInTheOrderOfThePage) {
  const auto checked = check_card({.number = base::Pan("1"),
                                   .expiry_month = "13",
                                   .expiry_year = "30",
                                   .security_code = base::SecurityCode("1"),
                                   .holder = std::string(61, 'x'),
                                   .method = ""},
                                  kNow);
  ASSERT_FALSE(checked);
  std::vector<std::string> fields;
  for (const base::Error& error : checked.error().errors) {
    fields.push_back(error.field);
    EXPECT_EQ(error.detail.find("497010"), std::string::npos);
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"card_number", "expiry", "security_code", "card_holder"}));
}

TEST(Card, LeavesTheBuyerTheChoiceOfABrandWhereTheShopTakesTwoOfOneCard) {
  using Brands = std::vector<std::string>;
  const std::pair<Brands, Brands> rows[] = {
      {{"CB", "VISA", "MASTERCARD", "MAESTRO", "VISA_ELECTRON", "AMEX"}, {"CB", "VISA", "MASTERCARD"}},
      {{"VISA", "CB"}, {"VISA", "CB"}},
      {{"CB", "MASTERCARD", "AMEX"}, {"CB", "MASTERCARD"}},
      {{"CB"}, {}},
      {{"VISA", "MASTERCARD"}, {}},
      {{"VISA", "VISA_ELECTRON"}, {}},
      {{}, {}},
  };
  for (const auto& [offered, choice] : rows) EXPECT_EQ(brands_to_choose(offered), choice);
}

TEST(Card, HasTheBrandsOfItsRange) {
  using Brands = std::vector<std::string_view>;
  const std::pair<const char*, Brands> rows[] = {
      {"4970100000000055", {"CB", "VISA"}},
      {"4000000000000000", {"VISA"}},
      {"4917480000000008", {"VISA_ELECTRON", "VISA"}},
      {"5131000000000000", {"CB", "MASTERCARD"}},
      {"5970100300000018", {"MASTERCARD"}},
      {"5100000000000000", {"MASTERCARD"}},
      {"2221000000000000", {"MASTERCARD"}},
      {"2720990000000000", {"MASTERCARD"}},
      {"2721000000000000", {}},
      {"2220990000000000", {}},
      {"5000550000000000", {"MAESTRO"}},
      {"6759000000000000", {"MAESTRO"}},
      {"340000000000000", {"AMEX"}},
      {"379999000000000", {"AMEX"}},
      {"380000000000000", {}},
      {"1234567890123", {}},
      {"", {}},
      {"49701x", {}},
  };
  for (const auto& [number, brands] : rows) EXPECT_EQ(brands_of(number), brands) << number;
}

}  // namespace
}  // namespace acquit::payments

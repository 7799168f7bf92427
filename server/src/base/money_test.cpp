#include "base/money.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace acquit::base {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

Money amount(std::int64_t minor, const char* currency = "EUR") { return {minor, *Currency::from_code(currency)}; }

// The error's code, or nothing where there is a value.
template <class T>
std::optional<ErrorCode> code_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error().code);
}

TEST(Money, ToDecimalAndBack) {
  struct Row {
    const char* currency;
    std::int64_t minor;
    const char* text;
  };
  const Row rows[] = {
      {"EUR", 5124, "51.24"},
      {"EUR", 5, "0.05"},
      {"EUR", -5, "-0.05"},
      {"EUR", 0, "0.00"},
      {"EUR", -100, "-1.00"},
      {"JPY", 500, "500"},
      {"JPY", 0, "0"},
      {"TND", 1, "0.001"},
      {"TND", 12345, "12.345"},
      {"CLF", 12345, "1.2345"},
      {"EUR", kMax, "92233720368547758.07"},
      {"EUR", kMin, "-92233720368547758.08"},
      {"JPY", kMin, "-9223372036854775808"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(amount(row.minor, row.currency).to_decimal(), row.text);
    EXPECT_EQ(Money::from_decimal(row.text, *Currency::from_code(row.currency)), amount(row.minor, row.currency));
  }
}

TEST(Money, FromDecimalRefusesAllOtherSpellings) {
  struct Row {
    const char* currency;
    const char* text;
    ErrorCode code;
  };
  const Row rows[] = {
      {"EUR", "", ErrorCode::field_format},
      {"EUR", "-", ErrorCode::field_format},
      {"EUR", ".", ErrorCode::field_format},
      {"EUR", "12", ErrorCode::field_format},
      {"EUR", "12.", ErrorCode::field_format},
      {"EUR", ".50", ErrorCode::field_format},
      {"EUR", "12.3", ErrorCode::field_format},
      {"EUR", "12.300", ErrorCode::field_format},
      {"EUR", "12,30", ErrorCode::field_format},
      {"EUR", "012.30", ErrorCode::field_format},
      {"EUR", "00.00", ErrorCode::field_format},
      {"EUR", "-0.00", ErrorCode::field_format},
      {"EUR", "+1.00", ErrorCode::field_format},
      {"EUR", "--1.00", ErrorCode::field_format},
      {"EUR", " 1.00", ErrorCode::field_format},
      {"EUR", "1.00 ", ErrorCode::field_format},
      {"EUR", "1 000.00", ErrorCode::field_format},
      {"EUR", "1e2.00", ErrorCode::field_format},
      {"EUR", "1.-5", ErrorCode::field_format},
      {"JPY", "500.00", ErrorCode::field_format},
      {"JPY", "500.", ErrorCode::field_format},
      {"TND", "1.00", ErrorCode::field_format},
      {"EUR", "92233720368547758.08", ErrorCode::amount_overflow},
      {"JPY", "99999999999999999999", ErrorCode::amount_overflow},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(code_of(Money::from_decimal(row.text, *Currency::from_code(row.currency))), row.code);
  }
}

TEST(Money, SumsStayInRange) {
  struct Row {
    std::int64_t a;
    std::int64_t b;
    std::optional<std::int64_t> sum;
    std::optional<std::int64_t> difference;
  };
  const Row rows[] = {
      {5124, 76, 5200, 5048},
      {5, 7, 12, -2},
      {kMax, 0, kMax, kMax},
      {kMax, 1, std::nullopt, kMax - 1},
      {kMin, 1, kMin + 1, std::nullopt},
      {0, kMin, kMin, std::nullopt},
      {-1, kMin, std::nullopt, kMax},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.a) + ", " + std::to_string(row.b));
    const auto sum = amount(row.a).plus(amount(row.b));
    const auto difference = amount(row.a).minus(amount(row.b));
    EXPECT_EQ(sum ? std::optional(sum->minor()) : std::nullopt, row.sum);
    EXPECT_EQ(difference ? std::optional(difference->minor()) : std::nullopt, row.difference);
    if (!sum) EXPECT_EQ(sum.error().code, ErrorCode::amount_overflow);
    if (!difference) EXPECT_EQ(difference.error().code, ErrorCode::amount_overflow);
  }
}

TEST(Money, CurrenciesDoNotMix) {
  EXPECT_EQ(code_of(amount(1).plus(amount(1, "CHF"))), ErrorCode::currency_mismatch);
  EXPECT_EQ(code_of(amount(1).minus(amount(1, "CHF"))), ErrorCode::currency_mismatch);
  EXPECT_EQ(code_of(amount(1).compare(amount(1, "CHF"))), ErrorCode::currency_mismatch);
  EXPECT_NE(amount(1), amount(1, "CHF"));
  EXPECT_EQ(amount(1).compare(amount(2)), std::strong_ordering::less);
}

TEST(Money, MulRatioRoundsAsNamed) {
  struct Row {
    std::int64_t minor;
    std::int64_t numerator;
    std::int64_t denominator;
    std::int64_t down;
    std::int64_t up;
    std::int64_t half_even;
  };
  const Row rows[] = {
      {100, 1, 3, 33, 34, 33},         // Below half.
      {200, 1, 3, 66, 67, 67},         // Above half.
      {5, 1, 2, 2, 3, 2},              // Half, even below.
      {7, 1, 2, 3, 4, 4},              // Half, even above.
      {-5, 1, 2, -2, -3, -2},          // Away from zero is up on both sides.
      {-7, 1, 2, -3, -4, -4},          //
      {-100, 1, 3, -33, -34, -33},     //
      {1, 1, 3, 0, 1, 0},              //
      {-1, 1, 3, 0, -1, 0},            //
      {600, 1, 3, 200, 200, 200},      // Exact.
      {0, 7, 9, 0, 0, 0},              //
      {kMax, 2, 2, kMax, kMax, kMax},  // The product needs 128 bits.
      {kMin, -1, kMax, 1, 2, 1},       //
      {10'000, 125, 10'000, 125, 125, 125},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.minor) + " * " + std::to_string(row.numerator) + " / " +
                 std::to_string(row.denominator));
    const auto with = [&](Rounding rounding) {
      return amount(row.minor).mul_ratio(row.numerator, row.denominator, rounding);
    };
    EXPECT_EQ(with(Rounding::down), amount(row.down));
    EXPECT_EQ(with(Rounding::up), amount(row.up));
    EXPECT_EQ(with(Rounding::half_even), amount(row.half_even));
  }
}

TEST(Money, MulRatioRefusesWhatItCannotHold) {
  EXPECT_EQ(code_of(amount(kMax).mul_ratio(2, 1, Rounding::down)), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of(amount(kMin).mul_ratio(-1, 1, Rounding::down)), ErrorCode::amount_overflow);
  EXPECT_EQ(code_of(amount(1).mul_ratio(1, 0, Rounding::down)), ErrorCode::internal);
  EXPECT_EQ(code_of(amount(1).mul_ratio(1, -2, Rounding::down)), ErrorCode::internal);
}

TEST(Money, SplitEquallyGivesTheRemainderToTheLast) {
  struct Row {
    std::int64_t total;
    std::int64_t parts;
    std::int64_t share;
    std::int64_t last;
  };
  const Row rows[] = {
      {1000, 3, 333, 334},
      {1000, 4, 250, 250},
      {2, 3, 0, 2},
      {0, 2, 0, 0},
      {5124, 1, 5124, 5124},
      {-1000, 3, -333, -334},
      {kMax, 2, kMax / 2, kMax / 2 + 1},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.total) + " in " + std::to_string(row.parts));
    const auto parts = split_equally(amount(row.total), row.parts);
    ASSERT_TRUE(parts);
    ASSERT_EQ(static_cast<std::int64_t>(parts->size()), row.parts);
    EXPECT_EQ(parts->back(), amount(row.last));
    for (std::size_t i = 0; i + 1 < parts->size(); ++i) EXPECT_EQ((*parts)[i], amount(row.share));
  }
  EXPECT_EQ(code_of(split_equally(amount(100), 0)), ErrorCode::internal);
  EXPECT_EQ(code_of(split_equally(amount(100), -1)), ErrorCode::internal);
}

}  // namespace
}  // namespace acquit::base

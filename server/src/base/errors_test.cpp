#include "base/errors.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/result.h"
#include "base/task.h"

namespace acquit::base {
namespace {

TEST(Errors, TokensAreUniqueAndSnakeCase) {
  std::set<std::string_view> tokens;
  for (const ErrorRow& row : error_table()) {
    EXPECT_TRUE(tokens.insert(row.token).second) << row.token;
    EXPECT_EQ(row.token.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos) << row.token;
  }
}

TEST(Errors, StatusFitsTheFamily) {
  for (const ErrorRow& row : error_table()) {
    SCOPED_TRACE(row.token);
    switch (row.family) {
      case Family::malformed:
      case Family::forbidden:
      case Family::not_found:
      case Family::conflict:
      case Family::refused:
      case Family::declined: EXPECT_EQ(row.http_status / 100, 4); break;
      case Family::retry_later:
        EXPECT_TRUE(row.http_status == 502 || row.http_status == 503 || row.http_status == 504);
        break;
      case Family::taken_back: EXPECT_EQ(row.http_status, 503); break;
      case Family::outcome_unknown: EXPECT_EQ(row.http_status, 202) << "never shown as a failure"; break;
      case Family::bug: EXPECT_EQ(row.http_status, 500); break;
    }
  }
}

TEST(Errors, OnlyOneKindMayHaveBeenDoneAndOnlyOneMayBeRepeated) {
  const auto consequence = [](ErrorCode code) { return Error{.code = code, .field = {}, .detail = {}}.consequence(); };
  for (const ErrorRow& row : error_table()) {
    const bool taken_back = row.code == ErrorCode::line_busy || row.code == ErrorCode::unsendable;
    EXPECT_EQ(consequence(row.code) == Consequence::undone, taken_back) << row.token;
    EXPECT_EQ(consequence(row.code) == Consequence::not_now, row.http_status > 500 && !taken_back) << row.token;
    EXPECT_EQ(consequence(row.code) == Consequence::perhaps_done, row.code == ErrorCode::outcome_unknown) << row.token;
    EXPECT_EQ(consequence(row.code) == Consequence::not_done, row.http_status / 100 == 4) << row.token;
    EXPECT_EQ(consequence(row.code) == Consequence::broken, row.http_status == 500) << row.token;
  }
}

Result<int> half(int value) {
  if (value % 2 != 0) return fail(ErrorCode::field_value, "odd", "value");
  return value / 2;
}

Result<int> quarter(int value) {
  ACQUIT_TRY(const int once, half(value));
  ACQUIT_TRY(const int twice, half(once));
  return twice;
}

Result<void> check_even(int value) {
  ACQUIT_CHECK(half(value));
  return {};
}

Task<Result<int>> quarter_later(int value) {
  ACQUIT_CO_CHECK(half(value));
  ACQUIT_CO_TRY(const int result, quarter(value));
  co_return result;
}

TEST(Result, TryHandsTheFirstErrorOn) {
  const Error odd{.code = ErrorCode::field_value, .field = "value", .detail = "odd"};
  EXPECT_EQ(quarter(12), 3);
  EXPECT_EQ(quarter(6).error(), odd);
  EXPECT_EQ(quarter(7).error(), odd);
  EXPECT_TRUE(check_even(2));
  EXPECT_EQ(check_even(3).error(), odd);
  EXPECT_EQ(sync_wait(quarter_later(12)), 3);
  EXPECT_EQ(sync_wait(quarter_later(5)).error(), odd);
  EXPECT_EQ(odd.family(), Family::malformed);
}

}  // namespace
}  // namespace acquit::base

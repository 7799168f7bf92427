#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>

#include "base/result.h"
#include "base/testing/logged.h"

namespace acquit::base {
namespace {

using testing::logged;

TEST(Log, WritesOneLineWithTimeLevelEventAndFields) {
  const std::string line = logged([] {
    log::info("payment_authorised", {{"request", "r1"}, {"amount_minor", 5124}, {"test", true}, {"shop", "My Shop"}});
  });
  EXPECT_TRUE(std::regex_match(
      line, std::regex("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z info payment_authorised request=r1 "
                       "amount_minor=5124 test=true shop=\"My Shop\"\n")))
      << line;
}

TEST(Log, OutsideTextCannotForgeALineOrAField) {
  const std::string line =
      logged([] { log::info("seen", {{"value", "a\nb\r\x1B[2J"}, {"quote", "x\" y=\\1"}, {"empty", ""}}); });
  EXPECT_EQ(std::ranges::count(line, '\n'), 1) << line;
  EXPECT_TRUE(line.ends_with("value=\"a\\x0ab\\x0d\\x1b[2J\" quote=\"x\\\" y=\\\\1\" empty=\"\"\n")) << line;
}

TEST(Log, MasksCardNumbersInEveryField) {
  const std::string line = logged([] {
    log::warning("seen", {{"a", "4970100000000055"}, {"b", "pan 4970 1000 0000 0055"}, {"c", 4970100000000055}});
    log::failed("parsing", Error{.code = ErrorCode::field_format, .field = "vads_card", .detail = "4970100000000055?"});
  });
  EXPECT_EQ(line.find("4970100000000055"), std::string::npos) << line;
  EXPECT_EQ(line.find("1000 0000"), std::string::npos) << line;
  EXPECT_NE(line.find("a=497010XXXXXX0055"), std::string::npos) << line;
  EXPECT_NE(line.find("c=497010XXXXXX0055"), std::string::npos) << line;
}

TEST(Log, FailedSaysTokenFieldAndDetailAtTheErrorsLevel) {
  const std::string line =
      logged([] { log::failed("saving", Error{.code = ErrorCode::disk_full, .field = {}, .detail = "no room left"}); });
  EXPECT_NE(line.find("Z error saving error=disk_full field=\"\" detail=\"no room left\"\n"), std::string::npos)
      << line;
}

TEST(Log, FailedSaysAboutWhatBeforeWhy) {
  const std::string line = logged([] {
    log::failed("saving", Error{.code = ErrorCode::disk_full, .field = {}, .detail = {}}, {{"transaction", "t1"}});
  });
  EXPECT_NE(line.find("saving transaction=t1 error=disk_full"), std::string::npos) << line;
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  EXPECT_EQ(logged([] { log::debug("detail"); }), "");
  log::set_level(LogLevel::debug);
  EXPECT_NE(logged([] { log::debug("detail"); }), "");
  log::set_level(LogLevel::error);
  EXPECT_EQ(logged([] { log::warning("seen"); }), "");
  log::set_level(LogLevel::info);
}

}  // namespace
}  // namespace acquit::base

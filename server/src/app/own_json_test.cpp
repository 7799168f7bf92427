#include "app/own_json.h"

#include <gtest/gtest.h>

namespace acquit::app {
namespace {

TEST(OwnJson, ReadsWhatItWrites) {
  const std::string hard = "http://[::1]:80/\"\\\n";
  const std::string line = "ready " + ready_json("http://127.0.0.1:8080", hard);
  EXPECT_EQ(text_member(line, "server").value(), "http://127.0.0.1:8080");
  EXPECT_EQ(text_member(line, "sandbox").value(), hard);
  EXPECT_EQ(text_member(url_json(hard), "url").value(), hard);
  EXPECT_EQ(ready_json("http://127.0.0.1:8080"), R"({"server":"http://127.0.0.1:8080"})");
}

TEST(OwnJson, SaysWhatWasSaidWhereItCannotReadIt) {
  for (const char* line : {"", "ready", "ready {", R"({"other":"x"})", R"({"sandbox":1})", R"(["sandbox"])"}) {
    const auto read = text_member(line, "sandbox");
    ASSERT_FALSE(read) << line;
    EXPECT_EQ(read.error().code, base::ErrorCode::protocol_violation);
    EXPECT_TRUE(read.error().detail.ends_with(line));
  }
}

}  // namespace
}  // namespace acquit::app

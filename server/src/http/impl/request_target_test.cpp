#include "http/impl/request_target.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

TEST(RequestTarget, DecodesThePathOnceAndLeavesTheQuery) {
  const struct {
    std::string_view target;
    std::string_view path;
    std::string_view query;
  } rows[] = {
      {"/", "/", ""},
      {"/a/b?c=d&e", "/a/b", "c=d&e"},
      {"/a?", "/a", ""},
      {"/a?b?c", "/a", "b?c"},
      {"/a%20b+c", "/a b+c", ""},
      {"/%2541", "/%41", ""},
      {"/caf%C3%A9", "/caf\xC3\xA9", ""},
      {"/caf\xC3\xA9", "/caf\xC3\xA9", ""},
      {"/a?b=%2e%2e%00", "/a", "b=%2e%2e%00"},
      {"/a..b/.c/...", "/a..b/.c/...", ""},
      {"//a//", "//a//", ""},
      {"http://shop.example/a?b", "/a", "b"},
      {"https://shop.example", "/", ""},
  };
  for (const auto& row : rows) {
    const auto target = parse_target(row.target);
    ASSERT_TRUE(target) << row.target << ": " << target.error().detail;
    EXPECT_EQ(target->path, row.path) << row.target;
    EXPECT_EQ(target->query, row.query) << row.target;
  }
}

TEST(RequestTarget, RefusesWhatCouldMeanTwoThings) {
  const struct {
    std::string_view target;
    std::string_view rule;
  } rows[] = {
      {"", "begin with /"},       {"*", "begin with /"},   {"a/b", "begin with /"}, {"http://h?x", "begin with"},
      {"/%", "percent"},          {"/%4", "percent"},      {"/%zz", "percent"},     {"/%00", "control"},
      {"/a%0d%0ab", "control"},   {"/%7f", "control"},     {"/%c2%85", "control"},  {"/%ff", "UTF-8"},
      {"/%c0%ae", "UTF-8"},       {"/%ed%a0%80", "UTF-8"}, {"/..", "segment"},      {"/a/../b", "segment"},
      {"/a/%2e%2E/b", "segment"}, {"/a/.", "segment"},     {"/./a", "segment"},     {"/a%2f..%2fb", "segment"},
      {"/a#b", "fragment"},
  };
  for (const auto& row : rows) {
    const auto target = parse_target(row.target);
    ASSERT_FALSE(target) << row.target;
    EXPECT_EQ(target.error().code, base::ErrorCode::field_format);
    EXPECT_NE(target.error().detail.find(row.rule), std::string::npos) << row.target << ": " << target.error().detail;
  }
}

}  // namespace
}  // namespace acquit::http

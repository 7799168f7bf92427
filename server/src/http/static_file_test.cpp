#include "http/static_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/form_fields.h"

namespace acquit::http {
namespace {

std::string header(const Response& response, std::string_view name) {
  return std::string(base::field_of(response.headers, name));
}

const StaticFile kFile({.plain = "plain text", .gzip = "gzipped", .brotli = "br"}, "text/css", "public, immutable");

Response ask(const StaticFile& file, Headers headers) { return file.answer(Request{.headers = std::move(headers)}); }

TEST(StaticFile, GoesOutInTheCodingThatTheClientLikes) {
  const struct {
    std::string accept;
    std::string coding;
    std::string body;
  } rows[] = {
      {"gzip, br", "br", "br"}, {"gzip", "gzip", "gzipped"},   {"gzip, br;q=0.5", "gzip", "gzipped"},
      {"", "", "plain text"},   {"deflate", "", "plain text"},
  };
  for (const auto& row : rows) {
    const Response response = ask(kFile, {{"accept-encoding", row.accept}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, row.body) << row.accept;
    EXPECT_EQ(header(response, "content-encoding"), row.coding) << row.accept;
    EXPECT_EQ(header(response, "vary"), "Accept-Encoding") << row.accept;
    EXPECT_EQ(header(response, "content-type"), "text/css");
    EXPECT_EQ(header(response, "cache-control"), "public, immutable");
    EXPECT_FALSE(response.compressible);
  }
}

TEST(StaticFile, HasAStrongTagForEachCoding) {
  std::set<std::string> tags;
  for (const std::string accept : {"br", "gzip", "identity"}) {
    const std::string tag = header(ask(kFile, {{"accept-encoding", accept}}), "etag");
    EXPECT_THAT(tag, testing::MatchesRegex("\"[0-9a-f]+\""));
    tags.insert(tag);
  }
  EXPECT_EQ(tags.size(), 3U);
}

TEST(StaticFile, IsNotSentAgainToWhoHasJustThatCoding) {
  const std::string zipped = header(ask(kFile, {{"accept-encoding", "gzip"}}), "etag");
  const std::string plain = header(ask(kFile, {}), "etag");
  const struct {
    std::string condition;
    int status;
  } rows[] = {
      {zipped, 304},
      {"W/" + zipped, 304},
      {"\"other\" , " + zipped, 304},
      {"*", 304},
      {plain, 200},
      {"\"other\"", 200},
      {zipped.substr(1, zipped.size() - 2), 200},
      {"", 200},
  };
  for (const auto& row : rows) {
    const Response response = ask(kFile, {{"accept-encoding", "gzip"}, {"if-none-match", row.condition}});
    EXPECT_EQ(response.status, row.status) << row.condition;
    EXPECT_EQ(response.body, row.status == 304 ? "" : "gzipped") << row.condition;
    EXPECT_EQ(header(response, "etag"), zipped);
    EXPECT_EQ(header(response, "vary"), "Accept-Encoding");
    EXPECT_EQ(header(response, "cache-control"), "public, immutable");
    EXPECT_EQ(header(response, "content-encoding"), row.status == 304 ? "" : "gzip");
  }
}

TEST(StaticFile, LeavesOutACodingThatSavesNothing) {
  const StaticFile file({.plain = "tiny", .gzip = "longer", .brotli = "tin"}, "text/plain", "no-cache");
  EXPECT_EQ(header(ask(file, {{"accept-encoding", "gzip"}}), "content-encoding"), "");
  EXPECT_EQ(header(ask(file, {{"accept-encoding", "gzip, br"}}), "content-encoding"), "br");
}

TEST(StaticFile, ServesNoRanges) {
  const Response response = ask(kFile, {{"range", "bytes=0-3"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "plain text");
}

}  // namespace
}  // namespace acquit::http

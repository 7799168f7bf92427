#include "http/coding.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace acquit::http {
namespace {

Request asking(std::initializer_list<std::string_view> values) {
  Request request;
  for (const std::string_view value : values) request.headers.emplace_back("accept-encoding", value);
  return request;
}

TEST(Coding, IsTheOneThatTheClientLikesMost) {
  const struct {
    std::string_view header;
    Coding wanted;
  } rows[] = {
      {"gzip, deflate, br, zstd", Coding::brotli},
      {"gzip, deflate", Coding::gzip},
      {"x-gzip", Coding::gzip},
      {"GZip", Coding::gzip},
      {"br;q=0.5, gzip;q=0.8", Coding::gzip},
      {"br;q=0.8,gzip;q=0.801", Coding::gzip},
      {"br; q=1.000 , gzip ;q=1", Coding::brotli},
      {"gzip;q=0.001", Coding::gzip},
      {"br;q=0, gzip", Coding::gzip},
      {"gzip;q=0", Coding::identity},
      {"gzip;q=0.000, br;Q=0", Coding::identity},
      {"*", Coding::brotli},
      {"*;q=0.5, br;q=0", Coding::gzip},
      {"*;q=0", Coding::identity},
      {"*;q=0, gzip", Coding::gzip},
      {"identity", Coding::identity},
      {"identity, gzip;q=0.5", Coding::identity},
      {"identity;q=0.5, gzip;q=0.5", Coding::gzip},
      {"identity;q=0, gzip;q=0", Coding::identity},  // Nothing is left: better plain than nothing.
      {"deflate, zstd", Coding::identity},
      {"", Coding::identity},
      {" , ,", Coding::identity},
      {"gzip;q=2", Coding::identity},
      {"gzip;q=1.1", Coding::identity},
      {"gzip;q=0.1234", Coding::identity},
      {"gzip;q=-1", Coding::identity},
      {"gzip;q=", Coding::identity},
      {"gzip;level=9", Coding::identity},
      {"gzipped", Coding::identity},
  };
  for (const auto& row : rows) {
    const Request request = asking({row.header});
    EXPECT_EQ(choose_coding(request, {Coding::brotli, Coding::gzip}), row.wanted) << row.header;
  }
}

TEST(Coding, IsPlainWhereNothingIsSaid) {
  EXPECT_EQ(choose_coding(Request{}, {Coding::brotli, Coding::gzip}), Coding::identity);
}

TEST(Coding, IsReadFromAllHeadersOfTheName) {
  EXPECT_EQ(choose_coding(asking({"deflate", "gzip"}), {Coding::brotli, Coding::gzip}), Coding::gzip);
}

TEST(Coding, IsOneOfThoseOffered) {
  EXPECT_EQ(choose_coding(asking({"br, gzip;q=0.1"}), {Coding::gzip}), Coding::gzip);
  EXPECT_EQ(choose_coding(asking({"br"}), {Coding::gzip}), Coding::identity);
}

std::string unzipped(std::string_view zipped) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1'000'000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
  stream.avail_in = static_cast<uInt>(zipped.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, GivesTheTextBackWhateverThePadding) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += std::to_string(i * 7919) + "\n";
  for (const std::string_view one : {std::string_view(), std::string_view("x"), std::string_view(text)}) {
    for (const std::size_t padding : {0U, 1U, 31U}) EXPECT_EQ(unzipped(gzip(one, padding)), one);
  }
  EXPECT_LT(gzip(text, 0).size(), text.size() / 2);
}

TEST(Gzip, IsLongerByItsPadding) {
  const std::size_t bare = gzip("text", 0).size();
  EXPECT_EQ(gzip("text", 5).size(), bare + 6);  // The bytes and the zero that ends them.
}

}  // namespace
}  // namespace acquit::http

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hex.h"
#include "connectors/iso8583/wire.h"

namespace acquit::iso8583 {
namespace {

std::string bytes_of(std::string_view hex) {
  const auto bytes = base::from_hex(hex).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(FrameReader, CutsMessagesWhereverTheStreamBreaks) {
  for (const LengthHeader header : {LengthHeader::two_bytes, LengthHeader::four_digits}) {
    const std::string stream = frame("first", header).value() + frame(std::string(300, 'x'), header).value();
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
      FrameReader reader(header, 4096);
      std::vector<std::string> messages;
      for (std::size_t at = 0; at < stream.size(); at += piece) {
        reader.append(std::string_view(stream).substr(at, piece));
        for (auto next = reader.next().value(); next; next = reader.next().value()) messages.emplace_back(*next);
      }
      EXPECT_THAT(messages, testing::ElementsAre("first", std::string(300, 'x')));
    }
  }
}

TEST(FrameReader, SkipsLengthsOfZeroThatKeepALinkAlive) {
  for (const LengthHeader header : {LengthHeader::two_bytes, LengthHeader::four_digits}) {
    const std::string alive = frame("", header).value();
    const std::string stream = alive + frame("first", header).value() + alive + alive + frame("last", header).value();
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
      FrameReader reader(header, 4096);
      std::vector<std::string> messages;
      for (std::size_t at = 0; at < stream.size(); at += piece) {
        reader.append(std::string_view(stream).substr(at, piece));
        for (auto next = reader.next().value(); next; next = reader.next().value()) messages.emplace_back(*next);
      }
      EXPECT_THAT(messages, testing::ElementsAre("first", "last"));
    }
  }
}

TEST(FrameReader, RefusesLengthsThatCannotBe) {
  struct Row {
    LengthHeader header;
    std::string bytes;
  };
  const Row rows[] = {
      {LengthHeader::two_bytes, bytes_of("1001")},  // 4,097 of at most 4,096.
      {LengthHeader::four_digits, "4097"},         {LengthHeader::four_digits, "12x4"},
      {LengthHeader::four_digits, "-001"},         {LengthHeader::none, "whatever"},  // Nothing says where it ends.
  };
  for (const Row& row : rows) {
    FrameReader reader(row.header, 4096);
    reader.append(row.bytes);
    EXPECT_FALSE(reader.next()) << row.bytes;
  }
  EXPECT_FALSE(frame(std::string(10'000, 'x'), LengthHeader::four_digits));
  EXPECT_FALSE(frame(std::string(65'536, 'x'), LengthHeader::two_bytes));
}

}  // namespace
}  // namespace acquit::iso8583

// The bank's messages at their largest, in every dialect, and what browsers say of the codings that they take.
#include "connectors/iso8583/wire.h"
#include "http/coding.h"
#include "work/bounds.h"

namespace acquit::work {
namespace {

constexpr std::size_t kMessageMax = 9'999;

std::vector<iso8583::WireFormat> dialects() {
  using enum iso8583::Numerics;
  std::vector<iso8583::WireFormat> out;
  for (const auto numerics : {ascii, bcd}) {
    for (const auto binaries : {iso8583::Binaries::raw, iso8583::Binaries::hex}) {
      out.push_back({.numerics = numerics, .binaries = binaries});
    }
  }
  return out;
}

// Which elements follow: all, none, those that hold the most, every second one.
std::vector<std::string> bitmaps() {
  return {std::string(16, '\xFF'),
          std::string(8, '\0'),
          std::string("\x80\0\0\0\0\x07\x01\xFF\0\0\0\0\x01\xFF\xFF\xFE", 16),
          std::string(16, '\xAA'),
          std::string(32, 'F'),
          "800000000007000180000000000701FF"};
}

TEST(Work, OnABanksMessageIsLinear) {
  for (const iso8583::WireFormat& dialect : dialects()) {
    const std::string type = dialect.numerics == iso8583::Numerics::bcd ? std::string("\x01\x10", 2) : "0110";
    expect_bounded("a bank's message", kMessageMax, [&](const std::string& text) {
      (void)iso8583::read_message(text, dialect);
      for (const std::string& bitmap : bitmaps()) (void)iso8583::read_message(type + bitmap + text, dialect);
    });
  }
  // Elements as long as they may be, and as many: what is read must not be read again for each that follows.
  iso8583::Message message("0110");
  for (int number = 2; number <= 128; ++number) {
    iso8583::Message one = message;
    one.set(number, std::string(999, 'A'));
    if (iso8583::encode(one, {})) message = one;
  }
  const std::string longest = *iso8583::encode(message, {});
  EXPECT_GT(longest.size(), kMessageMax);
  const std::uint64_t before = steps();
  EXPECT_TRUE(iso8583::decode(longest, {}));
  EXPECT_LT(steps() - before, longest.size() * 100);
}

TEST(Work, OnTheCodingsOfABrowserIsLinear) {
  expect_bounded("the codings", kHeaderMax, [](const std::string& text) {
    http::Request request;
    request.headers = {{"accept-encoding", text}};
    (void)http::choose_coding(request, {http::Coding::brotli, http::Coding::gzip});
  });
}

}  // namespace
}  // namespace acquit::work

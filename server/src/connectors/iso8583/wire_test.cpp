#include "connectors/iso8583/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "base/hex.h"
#include "connectors/iso8583/fields.h"

namespace acquit::iso8583 {
namespace {

using base::ErrorCode;

// One logical message, packed by three independent libraries: the bytes below are theirs.
Message example() {
  Message message("0100");
  message.set(2, "4970100000000154").set(3, "000000").set(4, "000000001000").set(7, "1121223000").set(11, "000001");
  message.set(12, "223000").set(13, "1121").set(14, "3012").set(22, "812").set(25, "59").set(32, "12345678901");
  message.set(37, "000000000001").set(41, "12345678").set(42, "123456789012345").set(49, "978");
  return message;
}

constexpr std::string_view kElements =
    "16497010000000015400000000000000100011212230000000012230001121301281259111234567890100000000000112345678"
    "123456789012345978";

std::string bytes_of(std::string_view hex) {
  const auto bytes = base::from_hex(hex).value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Vector {
  std::string_view name;
  WireFormat format;
  std::string bytes;
  std::size_t size;
};

std::vector<Vector> vectors() {
  return {
      {"ASCII, hex bitmap of 8 bytes",
       {.binaries = Binaries::hex, .length_header = LengthHeader::none},
       "0100723C048108C08000" + std::string(kElements),
       142},
      {"ASCII, binary bitmap of 8 bytes",
       {.length_header = LengthHeader::none},
       "0100" + bytes_of("723C048108C08000") + std::string(kElements),
       134},
      {"length of two bytes, binary bitmap of 16 bytes with bit 1",
       {.bitmap_size = BitmapSize::always_16_marked},
       bytes_of("008E") + "0100" + bytes_of("F23C048108C080000000000000000000") + std::string(kElements),
       144},
      {"ASCII, hex bitmap of 16 bytes without bit 1",
       {.binaries = Binaries::hex, .bitmap_size = BitmapSize::always_16, .length_header = LengthHeader::none},
       "0100723C048108C080000000000000000000" + std::string(kElements),
       158},
  };
}

TEST(Wire, WritesTheBytesThatOtherLibrariesWrite) {
  for (const Vector& vector : vectors()) {
    const auto written = to_wire(example(), vector.format);
    ASSERT_TRUE(written) << vector.name << ": " << written.error().detail;
    EXPECT_EQ(*written, vector.bytes) << vector.name;
    EXPECT_EQ(written->size(), vector.size) << vector.name;
  }
}

TEST(Wire, ReadsTheBytesThatOtherLibrariesWrite) {
  for (const Vector& vector : vectors()) {
    const std::size_t header = vector.format.length_header == LengthHeader::none ? 0 : 2;
    const auto read = decode(std::string_view(vector.bytes).substr(header), vector.format);
    ASSERT_TRUE(read) << vector.name << ": " << read.error().field << " " << read.error().detail;
    EXPECT_EQ(*read, example()) << vector.name;
  }
}

TEST(Wire, PacksTwoDigitsAByteInBcd) {
  const WireFormat format{.numerics = Numerics::bcd, .length_header = LengthHeader::four_digits};
  Message message("0800");
  message.set(2, "4970100000000000009").set(7, "1121223000").set(28, "D00000012").set(44, "ab").set(70, "301");
  const auto written = to_wire(message, format);
  ASSERT_TRUE(written);
  // Length, type, bitmaps; 19 digits after a zero; ten; sign and eight; length and letters; three after a zero.
  EXPECT_EQ(*written, "0044" + bytes_of("0800") + bytes_of("C2000010001000000400000000000000") +
                          bytes_of("1904970100000000000009") + bytes_of("1121223000") + "D" + bytes_of("00000012") +
                          bytes_of("02") + "ab" + bytes_of("0301"));
  EXPECT_EQ(decode(std::string_view(*written).substr(4), format).value(), message);
}

struct PaddedBytes {
  WireFormat format;
  std::string hex;  ///< DE 32 of five digits, DE 49.
};
const PaddedBytes kPadded[] = {
    {{.numerics = Numerics::bcd},
     "05012345"
     "0978"},
    {{.numerics = Numerics::bcd, .currency_ascii = true},
     "05012345"
     "393738"},
    {{.numerics = Numerics::bcd, .padding = Padding::right},
     "05123450"
     "9780"},
    {{.numerics = Numerics::bcd, .padding = Padding::right, .currency_ascii = true},
     "05123450"
     "393738"},
    {{.padding = Padding::right, .currency_ascii = true},
     "30353132333435"
     "393738"},
};

TEST(Wire, PadsOddCountsWhereTheDialectWantsIt) {
  const Message message = Message("0100").set(32, "12345").set(49, "978");
  for (const PaddedBytes& row : kPadded) {
    const std::string mti = row.format.numerics == Numerics::bcd ? "0100" : "30313030";
    const std::string bytes = bytes_of(mti + "0000000100008000" + row.hex);
    EXPECT_EQ(encode(message, row.format).value(), bytes) << row.hex;
    EXPECT_EQ(decode(bytes, row.format).value(), message) << row.hex;
  }
  const WireFormat right{.numerics = Numerics::bcd, .padding = Padding::right};
  EXPECT_EQ(decode(bytes_of("01000000000100008000"
                            "0512345F"
                            "978F"),
                   right)
                .value(),
            message)
      << "F fills as well";
  EXPECT_FALSE(decode(bytes_of("01000000000100008000"
                               "05123451"
                               "9780"),
                      right));
  // A length of three digits has its zero in front all the same.
  EXPECT_EQ(encode(Message("0100").set(48, "abc"), right).value(), bytes_of("01000000000000010000"
                                                                            "0003") +
                                                                       "abc");
}

// As jPOS writes it with its stock ISO87BPackager: BCD padded on the left, currencies as characters, binary bitmap.
TEST(Wire, ReadsAndWritesAFrameOfTheShapeOfIso87B) {
  const WireFormat format{.numerics = Numerics::bcd, .currency_ascii = true};
  Message message("0110");
  message.set(2, "4970100000000154").set(3, "000000").set(4, "000000001000").set(7, "1121223000").set(11, "000001");
  message.set(12, "233000").set(13, "1121").set(32, "12345").set(37, "000000000001").set(38, "A12345").set(39, "00");
  message.set(41, "12345678").set(42, "123456789012345").set(49, "978");
  const std::string bytes = bytes_of(
                                "005B"
                                "0110"
                                "723800010EC08000"
                                "164970100000000154"
                                "000000"
                                "000000001000"
                                "1121223000"
                                "000001"
                                "233000"
                                "1121"
                                "05012345") +
                            "000000000001"
                            "A12345"
                            "00"
                            "12345678"
                            "123456789012345"
                            "978";
  EXPECT_EQ(to_wire(message, format).value(), bytes);
  EXPECT_EQ(decode(std::string_view(bytes).substr(2), format).value(), message);
}

TEST(Wire, RefusesToEncodeWhatDoesNotFit) {
  struct Row {
    int number;
    std::string value;
    ErrorCode expected;
  };
  const Row rows[] = {
      {4, "1000", ErrorCode::field_format},                        // Fixed, too short.
      {4, "0000000010000", ErrorCode::field_format},               // Fixed, too long.
      {4, "00000000100x", ErrorCode::field_format},                // A letter in a number.
      {2, "49701000000001540000", ErrorCode::field_too_long},      // 20 of at most 19.
      {28, "X00000001", ErrorCode::field_format},                  // Neither credit nor debit.
      {38, "12345\x01", ErrorCode::field_format},                  // A control character.
      {43, std::string(39, 'x') + "\n", ErrorCode::field_format},  // A line break.
      {48, std::string(1000, 'x'), ErrorCode::field_too_long},     // More than LLL holds.
      {52, "1234567", ErrorCode::field_format},                    // Seven of eight bytes.
      {1, "0", ErrorCode::unsupported},
      {65, "0", ErrorCode::unsupported},
      {129, "0", ErrorCode::unsupported},
      {-1, "0", ErrorCode::unsupported},
  };
  for (const Row& row : rows) {
    const auto written = encode(Message("0100").set(row.number, row.value), {});
    ASSERT_FALSE(written) << row.number;
    EXPECT_EQ(written.error().code, row.expected) << row.number;
    EXPECT_EQ(written.error().field, "DE " + std::to_string(row.number));
    EXPECT_THAT(written.error().detail, testing::Not(testing::HasSubstr(row.value)));
  }
  EXPECT_EQ(encode(Message("010"), {}).error().field, "MTI");
  EXPECT_EQ(encode(Message("01x0"), {}).error().field, "MTI");
}

struct BrokenBytes {
  std::string_view name;
  std::string hex;
  WireFormat format;
  ErrorCode code;
  std::string_view field;
};
const WireFormat kAscii{};
const WireFormat kBcd{.numerics = Numerics::bcd};
const WireFormat kHex{.binaries = Binaries::hex};
const BrokenBytes kBrokenBytes[] = {
    {"empty", "", kAscii, ErrorCode::body_malformed, "MTI"},
    {"type of letters",
     "30317830"
     "0000000000000000",
     kAscii, ErrorCode::field_format, "MTI"},
    {"no bitmap", "30313030", kAscii, ErrorCode::body_malformed, "bitmap"},
    {"half a second bitmap",
     "30313030"
     "8000000000000000"
     "00000000",
     kAscii, ErrorCode::body_malformed, "bitmap"},
    {"bitmap not hex",
     "30313030"
     "47303030303030303030303030303030",
     kHex, ErrorCode::field_format, "bitmap"},
    {"amount cut short",
     "30313030"
     "1000000000000000"
     "3030",
     kAscii, ErrorCode::body_malformed, "DE 4"},
    {"length claims 20",
     "30313030"
     "4000000000000000"
     "3230"
     "3437303130303030303030303030353534373031",
     kAscii, ErrorCode::field_too_long, "DE 2"},
    {"length claims more than there is",
     "30313030"
     "4000000000000000"
     "3230",
     kAscii, ErrorCode::body_malformed, "DE 2"},
    {"length not digits",
     "30313030"
     "4000000000000000"
     "3A30",
     kAscii, ErrorCode::field_format, "DE 2"},
    {"bit 65",
     "30313030"
     "8000000000000000"
     "8000000000000000"
     "00",
     kAscii, ErrorCode::unsupported, "DE 65"},
    {"a byte too many",
     "30313030"
     "0000000000000000"
     "00",
     kAscii, ErrorCode::body_malformed, ""},
    {"nibble above 9",
     "0100"
     "0020000000000000"
     "0000A1",
     kBcd, ErrorCode::field_format, "DE 11"},
    {"padding not zero",
     "0800"
     "8000000000000000"
     "0400000000000000"
     "1301",
     kBcd, ErrorCode::field_format, "DE 70"},
};

TEST(Wire, NamesTheElementThatIsBroken) {
  for (const BrokenBytes& row : kBrokenBytes) {
    const auto read = decode(bytes_of(row.hex), row.format);
    ASSERT_FALSE(read) << row.name;
    EXPECT_EQ(read.error().code, row.code) << row.name;
    EXPECT_EQ(read.error().field, row.field) << row.name;
  }
}

// An answer of elements as they stand in the bytes, with both bitmaps.
std::string answer_of(const std::map<int, std::string>& elements) {
  std::string bitmap(16, '\0');
  bitmap[0] = static_cast<char>(0x80);
  std::string text;
  for (const auto& [number, bytes] : elements) {
    const auto bit = static_cast<std::size_t>(number - 1);
    bitmap[bit / 8] = static_cast<char>(bitmap[bit / 8] | 0x80 >> bit % 8);
    text += bytes;
  }
  return "0110" + bitmap + text;
}

// `bytes` as they stand in the message, length included; `value` is what is read, nothing where the content is wrong.
struct Content {
  std::string_view name;
  int number;
  std::string bytes;
  std::optional<std::string> value;
};
const Content kContents[] = {
    {"a code as it should be", 38, "A12345", "A12345"},
    {"a code with a dash", 38, "12-456", {}},
    {"a code with a control character", 38, "1234\x01 ", {}},
    {"a response code of zero bytes", 39, std::string(2, '\0'), {}},
    {"a control character in additional data", 44, "03a\x02z", {}},
    {"a letter in a date", 15, "11x4", {}},
    {"a sign that is none", 28, "X00000001", {}},
    {"a number longer than may be", 32, "12123456789012", {}},
    {"a letter in a currency", 49, "9x8", {}},
    {"DE 46", 46, std::string("003\x00\xff\x01", 6), std::string("\x00\xff\x01", 3)},
    {"DE 47", 47, "002\x1f\x7f", "\x1f\x7f"},
    {"DE 48", 48, std::string("003\x00\xff\x01", 6), std::string("\x00\xff\x01", 3)},
    {"DE 56", 56, "001\x01", "\x01"},
    {"DE 63", 63, "001\x01", "\x01"},
    {"DE 104", 104, "002\x1f\x7f", "\x1f\x7f"},
    {"DE 127", 127, "002\x1f\x7f", "\x1f\x7f"},
};

TEST(Wire, ReadsAllThatStandsAroundAnElementOfWrongContent) {
  for (const Content& row : kContents) {
    std::map<int, std::string> elements{{7, "1114221320"}, {11, "000042"}, {50, "978"}, {103, "04last"}};
    elements[row.number] = row.bytes;
    const Reading reading = read_message(answer_of(elements), {});
    EXPECT_EQ(reading.fault ? reading.fault->field : "", row.value ? "" : "DE " + std::to_string(row.number))
        << row.name;
    EXPECT_EQ(reading.message.find(row.number), row.value) << row.name;
    EXPECT_EQ(reading.message.get(7), "1114221320") << row.name;
    EXPECT_EQ(reading.message.get(11), "000042") << row.name;
    EXPECT_EQ(reading.message.get(50), "978") << row.name;
    EXPECT_EQ(reading.message.get(103), "last") << row.name;
  }
}

TEST(Wire, KeepsWhatStandsBeforeAnElementThatHidesTheNext) {
  const std::map<int, std::string> elements{{7, "1114221320"}, {11, "000042"}, {44, "x2ab"}, {50, "978"}};
  const Reading reading = read_message(answer_of(elements), {});
  ASSERT_TRUE(reading.fault);
  EXPECT_EQ(reading.fault->field, "DE 44");
  EXPECT_EQ(reading.message.get(11), "000042");
  EXPECT_FALSE(reading.message.find(50));
}

TEST(Wire, KnowsEveryElementButTheTwoBitmaps) {
  for (int number = 0; number <= kLastField + 1; ++number) {
    const FieldSpec* spec = find_field(number);
    const bool element = number >= 2 && number <= kLastField && number != 65;
    ASSERT_EQ(spec != nullptr, element) << number;
    if (element) EXPECT_EQ(spec->number, number);
  }
}

TEST(Describe, ShowsNoCardDataInALog) {
  Message message = example();
  message.set(35, "4970100000000154=30121010000012345678").set(45, "B4970100000000154^NAME^3012");
  message.set(48, "9203123").set(52, "12345678").set(55, "chip4970100000000154").set(102, "4970100000000154");
  message.set(43, "call 4970 1000 0000 0154 now\x07             ");
  const std::string line = describe(message);
  EXPECT_THAT(line, testing::StartsWith("0100 2=497010******0154 3=000000 4=000000001000 7=1121223000 11=000001"));
  EXPECT_THAT(line, testing::HasSubstr(" 14=[4] "));
  EXPECT_THAT(line, testing::HasSubstr(" 48=[7] "));
  for (const std::string_view secret :
       {"4970100000000154", "0000000154", "4970 1000", "3012", "9203", "123 ", "\x07"}) {
    EXPECT_THAT(line, testing::Not(testing::HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace acquit::iso8583

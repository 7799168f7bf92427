#include "connectors/iso8583/wire.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/hex.h"
#include "base/number.h"
#include "connectors/iso8583/fields.h"

namespace acquit::iso8583 {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr std::size_t kHalfBits = 64;
using Bits = std::bitset<kLastField + 1>;  // Indexed by element number; bit 0 is not used.

std::string name_of(int number) { return fmt::format("DE {}", number); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c) || c == ' '; }
bool is_special(char c) { return !base::is_control(c); }

bool has_characters_of(Kind kind, std::string_view value) {
  switch (kind) {
    case Kind::n: return std::ranges::all_of(value, is_digit);
    case Kind::an: return std::ranges::all_of(value, is_alphanumeric);
    case Kind::ans: return std::ranges::all_of(value, is_special);
    case Kind::z: return std::ranges::all_of(value, [](char c) { return is_digit(c) || c == '=' || c == 'D'; });
    case Kind::x_n:
      return !value.empty() && (value[0] == 'C' || value[0] == 'D') && std::ranges::all_of(value.substr(1), is_digit);
    case Kind::b:
    case Kind::free: return true;
  }
  return false;
}

Result<void> check_characters(const FieldSpec& spec, std::string_view value) {
  if (has_characters_of(spec.kind, value)) return {};
  return fail(ErrorCode::field_format, fmt::format("{} has a character of another kind.", spec.name),
              name_of(spec.number));
}

Result<void> check_value(const FieldSpec& spec, std::string_view value) {
  if (spec.length == Length::fixed && value.size() != spec.max) {
    return fail(ErrorCode::field_format,
                fmt::format("{} has {} positions, {} are due.", spec.name, value.size(), spec.max),
                name_of(spec.number));
  }
  if (value.size() > spec.max) {
    return fail(ErrorCode::field_too_long,
                fmt::format("{} has {} positions, at most {} fit.", spec.name, value.size(), spec.max),
                name_of(spec.number));
  }
  return check_characters(spec, value);
}

std::size_t prefix_digits(Length length) {
  switch (length) {
    case Length::fixed: return 0;
    case Length::ll: return 2;
    case Length::lll: return 3;
  }
  return 0;
}

// --- writing ---

// How the digits of one element, or of its length, travel.
struct DigitFormat {
  Numerics numerics = Numerics::ascii;
  Padding padding = Padding::left;
};

DigitFormat digits_of(const FieldSpec& spec, const WireFormat& format) {
  const bool currency = spec.number >= 49 && spec.number <= 51;
  return {.numerics = currency && format.currency_ascii ? Numerics::ascii : format.numerics, .padding = format.padding};
}
DigitFormat digits_of_length(const WireFormat& format) { return {.numerics = format.numerics}; }

void put_digits(std::string& out, std::string_view digits, DigitFormat format) {
  if (format.numerics == Numerics::ascii) {
    out += digits;
    return;
  }
  const bool odd = digits.size() % 2 == 1;
  int high = 0;
  bool have_high = odd && format.padding == Padding::left;
  for (const char c : digits) {
    const int digit = c - '0';
    if (have_high) out += static_cast<char>(high << 4 | digit);
    have_high = !have_high;
    high = digit;
  }
  if (have_high) out += static_cast<char>(high << 4);
}

void put_bytes(std::string& out, std::string_view bytes, Binaries binaries) {
  if (binaries == Binaries::raw) {
    out += bytes;
  } else {
    out += base::ascii_upper(base::to_hex(base::as_bytes(bytes)));
  }
}

void put_bitmap(std::string& out, const Message& message, const WireFormat& format) {
  Bits bits;
  for (const Message::Field& field : message.fields()) bits.set(static_cast<std::size_t>(field.number));
  const bool beyond_64 = !message.fields().empty() && message.fields().back().number > static_cast<int>(kHalfBits);
  if (beyond_64 || format.bitmap_size == BitmapSize::always_16_marked) bits.set(1);
  const bool long_form = beyond_64 || format.bitmap_size != BitmapSize::as_needed;
  std::string bytes(long_form ? 16 : 8, '\0');
  for (std::size_t bit = 1; bit <= bytes.size() * 8; ++bit) {
    if (bits[bit]) bytes[(bit - 1) / 8] = static_cast<char>(bytes[(bit - 1) / 8] | 0x80 >> (bit - 1) % 8);
  }
  put_bytes(out, bytes, format.binaries);
}

void put_value(std::string& out, const FieldSpec& spec, std::string_view value, const WireFormat& format) {
  switch (spec.kind) {
    case Kind::n: return put_digits(out, value, digits_of(spec, format));
    case Kind::x_n: out += value.front(); return put_digits(out, value.substr(1), digits_of(spec, format));
    case Kind::b: return put_bytes(out, value, format.binaries);
    case Kind::an:
    case Kind::ans:
    case Kind::z:
    case Kind::free: out += value;
  }
}

// --- reading ---

std::unexpected<base::Error> not_digits(std::string_view what) {
  return fail(ErrorCode::field_format, fmt::format("{} is not all digits.", what), std::string(what));
}

// `bytes` without the padding of an odd count; nothing if that is no padding.
Result<std::string> unpadded(std::string text, std::size_t count, Padding padding, std::string_view what) {
  if (count % 2 == 0) return text;
  const char filler = padding == Padding::left ? text.front() : text.back();
  if (filler != '0' && (padding == Padding::left || filler != 'F')) return not_digits(what);
  return padding == Padding::left ? text.substr(1) : text.substr(0, text.size() - 1);
}

Result<std::string> read_digits(std::string_view bytes, std::size_t count, DigitFormat format, std::string_view what) {
  std::string text(bytes);
  if (format.numerics == Numerics::bcd) {
    ACQUIT_TRY(text, unpadded(base::ascii_upper(base::to_hex(base::as_bytes(bytes))), count, format.padding, what));
  }
  if (!std::ranges::all_of(text, is_digit)) return not_digits(what);
  return text;
}

Result<std::string> read_bytes(std::string_view bytes, Binaries binaries, std::string_view what) {
  if (binaries == Binaries::raw) return std::string(bytes);
  const auto raw = base::from_hex(bytes);
  if (!raw) return fail(ErrorCode::field_format, fmt::format("{} is not hexadecimal.", what), std::string(what));
  return std::string(reinterpret_cast<const char*>(raw->data()), raw->size());
}

std::size_t bytes_of_digits(std::size_t count, Numerics numerics) {
  return numerics == Numerics::bcd ? (count + 1) / 2 : count;
}

std::size_t bytes_of_value(const FieldSpec& spec, std::size_t size, const WireFormat& format) {
  switch (spec.kind) {
    case Kind::n: return bytes_of_digits(size, digits_of(spec, format).numerics);
    case Kind::x_n: return 1 + bytes_of_digits(size - 1, digits_of(spec, format).numerics);
    case Kind::b: return format.binaries == Binaries::hex ? size * 2 : size;
    case Kind::an:
    case Kind::ans:
    case Kind::z:
    case Kind::free: break;
  }
  return size;
}

class Cursor {
 public:
  Cursor(std::string_view bytes, const WireFormat& format) : rest_(bytes), format_(format) {}

  [[nodiscard]] std::size_t left() const { return rest_.size(); }

  Result<std::string_view> take(std::size_t size, std::string_view what) {
    if (rest_.size() < size) {
      return fail(ErrorCode::body_malformed,
                  fmt::format("The message ends within {}: {} bytes are due, {} are left.", what, size, rest_.size()),
                  std::string(what));
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  // Of a length or of the type.
  Result<std::string> digits(std::size_t count, std::string_view what) {
    ACQUIT_TRY(const std::string_view text, take(bytes_of_digits(count, format_.numerics), what));
    return read_digits(text, count, digits_of_length(format_), what);
  }

  Result<std::string> bytes(std::size_t count, std::string_view what) {
    ACQUIT_TRY(const std::string_view text, take(format_.binaries == Binaries::hex ? count * 2 : count, what));
    return read_bytes(text, format_.binaries, what);
  }

 private:
  std::string_view rest_;
  const WireFormat& format_;
};

void add_bits(Bits& bits, std::string_view bytes, std::size_t first) {
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    if ((static_cast<unsigned char>(bytes[i / 8]) & 0x80 >> i % 8) != 0) bits.set(first + i);
  }
}

Result<Bits> read_bitmap(Cursor& cursor, const WireFormat& format) {
  Bits bits;
  ACQUIT_TRY(const std::string primary, cursor.bytes(8, "bitmap"));
  add_bits(bits, primary, 1);
  if (bits[1] || format.bitmap_size != BitmapSize::as_needed) {
    ACQUIT_TRY(const std::string secondary, cursor.bytes(8, "bitmap"));
    add_bits(bits, secondary, kHalfBits + 1);
  }
  bits.reset(1);
  return bits;
}

// Where an element stands: whatever its content, the next one begins after it.
struct Extent {
  std::string_view bytes;
  std::size_t size;  // Of the logical value.
};

Result<Extent> read_extent(Cursor& cursor, const FieldSpec& spec, const WireFormat& format) {
  const std::string what = name_of(spec.number);
  std::size_t size = spec.max;
  if (spec.length != Length::fixed) {
    ACQUIT_TRY(const std::string prefix, cursor.digits(prefix_digits(spec.length), what));
    size = base::parse_int<std::size_t>(prefix).value_or(0);
  }
  ACQUIT_TRY(const std::string_view bytes, cursor.take(bytes_of_value(spec, size, format), what));
  return Extent{.bytes = bytes, .size = size};
}

Result<std::string> read_value(const FieldSpec& spec, const Extent& extent, const WireFormat& format) {
  const std::string what = name_of(spec.number);
  if (extent.size > spec.max) {
    return fail(ErrorCode::field_too_long,
                fmt::format("{} claims {} positions, at most {} fit.", spec.name, extent.size, spec.max), what);
  }
  if (spec.kind == Kind::n) return read_digits(extent.bytes, extent.size, digits_of(spec, format), what);
  if (spec.kind == Kind::b) return read_bytes(extent.bytes, format.binaries, what);
  std::string value(extent.bytes);
  if (spec.kind == Kind::x_n) {
    ACQUIT_TRY(const std::string digits,
               read_digits(extent.bytes.substr(1), extent.size - 1, digits_of(spec, format), what));
    value = extent.bytes.substr(0, 1);
    value += digits;
  }
  ACQUIT_CHECK(check_characters(spec, value));
  return value;
}

// Elements one after the other. What is wrong within one is noted and leaves the others readable; an error is what
// hides where the next one begins.
Result<void> read_fields(Cursor& cursor, const Bits& bits, const WireFormat& format, Reading& out) {
  for (int number = 2; number <= kLastField; ++number) {
    if (!bits[static_cast<std::size_t>(number)]) continue;
    const FieldSpec* spec = find_field(number);
    if (spec == nullptr) return fail(ErrorCode::unsupported, "There is no such element.", name_of(number));
    ACQUIT_TRY(const Extent extent, read_extent(cursor, *spec, format));
    auto value = read_value(*spec, extent, format);
    if (value) {
      out.message.set(number, *std::move(value));
    } else if (!out.fault) {
      out.fault = std::move(value.error());
    }
  }
  if (cursor.left() == 0) return {};
  return fail(ErrorCode::body_malformed, fmt::format("{} bytes follow the last element.", cursor.left()));
}

Result<void> read_all(std::string_view bytes, const WireFormat& format, Reading& out) {
  Cursor cursor(bytes, format);
  ACQUIT_TRY(std::string mti, cursor.digits(4, "MTI"));
  out.message = Message(std::move(mti));
  ACQUIT_TRY(const Bits bits, read_bitmap(cursor, format));
  return read_fields(cursor, bits, format, out);
}

}  // namespace

Result<std::string> encode(const Message& message, const WireFormat& format) {
  if (message.mti().size() != 4 || !std::ranges::all_of(message.mti(), is_digit)) {
    return fail(ErrorCode::field_format, "The message type is not four digits.", "MTI");
  }
  for (const Message::Field& field : message.fields()) {
    const FieldSpec* spec = find_field(field.number);
    if (spec == nullptr) return fail(ErrorCode::unsupported, "There is no such element.", name_of(field.number));
    ACQUIT_CHECK(check_value(*spec, field.value));
  }
  std::string out;
  out.reserve(256);
  put_digits(out, message.mti(), digits_of_length(format));
  put_bitmap(out, message, format);
  for (const Message::Field& field : message.fields()) {
    const FieldSpec& spec = *find_field(field.number);
    if (spec.length != Length::fixed) {
      put_digits(out, fmt::format("{:0{}}", field.value.size(), prefix_digits(spec.length)), digits_of_length(format));
    }
    put_value(out, spec, field.value, format);
  }
  return out;
}

Reading read_message(std::string_view bytes, const WireFormat& format) {
  Reading out;
  const auto read = read_all(bytes, format, out);
  if (!read && !out.fault) out.fault = read.error();
  return out;
}

Result<Message> decode(std::string_view bytes, const WireFormat& format) {
  Reading reading = read_message(bytes, format);
  if (reading.fault) return std::unexpected(*std::move(reading.fault));
  return std::move(reading.message);
}

Result<std::string> to_wire(const Message& message, const WireFormat& format) {
  ACQUIT_TRY(const std::string payload, encode(message, format));
  return frame(payload, format.length_header);
}

}  // namespace acquit::iso8583

// The bytes of ISO 8583 messages: encode and decode by the field table, in the variants that hosts are found to speak.
//
// Pure functions, safe from any thread. Nothing that comes from outside is trusted: decode() reads no byte beyond its
// input and refuses what it does not understand. Errors name the element in `field` ("DE 4", "MTI", "bitmap") and never
// quote a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/iso8583/message.h"

namespace acquit::iso8583 {

/// How digits travel: the message type, n elements, and the length before ll and lll elements.
enum class Numerics : std::uint8_t {
  ascii,
  bcd,  ///< Two digits a byte.
};

/// Where the half byte goes that an odd count of BCD digits leaves over. A length before an element always has it in
/// front.
enum class Padding : std::uint8_t {
  left,   ///< A zero in front.
  right,  ///< A zero at the end; F is read as well.
};

/// How bytes travel: the bitmap and b elements.
enum class Binaries : std::uint8_t { raw, hex };

enum class BitmapSize : std::uint8_t {
  as_needed,         ///< 8 bytes, 16 if an element above 64 is there.
  always_16,         ///< 16 bytes; bit 1 only if an element above 64 is there.
  always_16_marked,  ///< 16 bytes; bit 1 always set.
};

/// What stands before each message on a stream: its length without the header itself.
enum class LengthHeader : std::uint8_t {
  none,         ///< For messages that something else delimits.
  two_bytes,    ///< Big-endian.
  four_digits,  ///< ASCII.
};

struct WireFormat {
  Numerics numerics = Numerics::ascii;
  Padding padding = Padding::left;
  bool currency_ascii = false;  ///< DE 49 to 51 as characters, also among BCD.
  Binaries binaries = Binaries::raw;
  BitmapSize bitmap_size = BitmapSize::as_needed;
  LengthHeader length_header = LengthHeader::two_bytes;
};

/// The message without a length header. Errors: field_format (wrong characters or length), field_too_long, unsupported
/// (no such element).
[[nodiscard]] base::Result<std::string> encode(const Message& message, const WireFormat& format);

/// What could be made of bytes that are one message.
struct Reading {
  Message message;                   ///< Its sound elements, up to where it can't be read any further.
  std::optional<base::Error> fault;  ///< The first thing that is wrong with it, if anything is.
};
/// The inverse of encode; all of `bytes` must be one message. Faults: body_malformed (it ends too early or too late),
/// field_format, field_too_long, unsupported.
[[nodiscard]] Reading read_message(std::string_view bytes, const WireFormat& format);

/// The same for who takes sound messages only; the fault is the error.
[[nodiscard]] base::Result<Message> decode(std::string_view bytes, const WireFormat& format);

/// The message as it goes over a stream: with its length header. Errors as encode.
[[nodiscard]] base::Result<std::string> to_wire(const Message& message, const WireFormat& format);

/// `payload` after its length header. Errors: field_too_long.
[[nodiscard]] base::Result<std::string> frame(std::string_view payload, LengthHeader header);

/// Cuts a stream into messages. One owner; not safe from several threads at once.
class FrameReader {
 public:
  FrameReader(LengthHeader header, std::size_t max_message) : header_(header), max_message_(max_message) {}

  void append(std::string_view bytes);
  /// The next whole message, valid until the next call; nothing if it is not complete yet. A length of zero is how some
  /// hosts keep a link alive, and no message. After an error (body_malformed: no length, or one above the maximum) the
  /// stream can't be read any further.
  [[nodiscard]] base::Result<std::optional<std::string_view>> next();

 private:
  void forget_consumed();
  std::nullopt_t incomplete();

  LengthHeader header_;
  std::size_t max_message_;
  std::string buffer_;
  std::size_t consumed_ = 0;
};

}  // namespace acquit::iso8583

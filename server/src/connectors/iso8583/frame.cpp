#include <fmt/format.h>

#include "base/number.h"
#include "base/wipe.h"
#include "connectors/iso8583/wire.h"

namespace acquit::iso8583 {
namespace {

using base::ErrorCode;
using base::fail;

std::size_t header_size(LengthHeader header) {
  switch (header) {
    case LengthHeader::none: return 0;
    case LengthHeader::two_bytes: return 2;
    case LengthHeader::four_digits: return 4;
  }
  return 0;
}

std::optional<std::size_t> read_length(std::string_view header) {
  if (header.size() == 4) return base::parse_int<std::uint16_t>(header);
  return static_cast<std::size_t>(static_cast<unsigned char>(header[0]) << 8 | static_cast<unsigned char>(header[1]));
}

}  // namespace

base::Result<std::string> frame(std::string_view payload, LengthHeader header) {
  const std::size_t limit = header == LengthHeader::four_digits ? 9'999 : 65'535;
  if (header != LengthHeader::none && payload.size() > limit) {
    return fail(ErrorCode::field_too_long,
                fmt::format("A message of {} bytes does not fit its length header.", payload.size()), "length");
  }
  std::string out;
  switch (header) {
    case LengthHeader::none: break;
    case LengthHeader::two_bytes:
      out += static_cast<char>(payload.size() >> 8);
      out += static_cast<char>(payload.size() & 255);
      break;
    case LengthHeader::four_digits: out = fmt::format("{:04}", payload.size());
  }
  return out.append(payload);
}

void FrameReader::append(std::string_view bytes) {
  forget_consumed();
  buffer_ += bytes;
}

// A link may be silent for minutes after an answer that names a card.
void FrameReader::forget_consumed() {
  base::wipe_front(buffer_, consumed_);
  consumed_ = 0;
}

std::nullopt_t FrameReader::incomplete() {
  forget_consumed();
  return std::nullopt;
}

base::Result<std::optional<std::string_view>> FrameReader::next() {
  const std::size_t header = header_size(header_);
  if (header == 0) return fail(ErrorCode::unsupported, "A stream without length headers can't be cut into messages.");
  for (;;) {
    const std::string_view rest = std::string_view(buffer_).substr(consumed_);
    if (rest.size() < header) return incomplete();
    const auto length = read_length(rest.substr(0, header));
    if (!length || *length > max_message_) {
      return fail(ErrorCode::body_malformed, fmt::format("No length, or above {}.", max_message_), "length");
    }
    if (rest.size() - header < *length) return incomplete();
    consumed_ += header + *length;
    if (*length > 0) return rest.substr(header, *length);
  }
}

}  // namespace acquit::iso8583

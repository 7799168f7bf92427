// Any bytes, read in every wire format: what can be read must be written and read again as the same message, and a
// stream of them must be cut without ever reading beyond its end. The first byte chooses the format. Links: base net
// iso8583
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "connectors/iso8583/map.h"
#include "connectors/iso8583/private_data.h"
#include "connectors/iso8583/wire.h"

namespace {

using namespace acquit::iso8583;

WireFormat format_of(unsigned choice) {
  return {.numerics = choice % 2 == 0 ? Numerics::ascii : Numerics::bcd,
          .padding = choice / 24 % 2 == 0 ? Padding::left : Padding::right,
          .currency_ascii = choice / 48 % 2 == 1,
          .binaries = choice / 2 % 2 == 0 ? Binaries::raw : Binaries::hex,
          .bitmap_size = static_cast<BitmapSize>(choice / 4 % 3),
          .length_header = choice / 12 % 2 == 0 ? LengthHeader::two_bytes : LengthHeader::four_digits};
}

void require(bool condition) {
  if (!condition) std::abort();
}

void check_message(std::string_view bytes, const WireFormat& format) {
  (void)read_message(bytes, format);
  const auto message = decode(bytes, format);
  if (!message) return;
  const auto packed = encode(*message, format);
  require(packed.has_value());
  const auto again = decode(*packed, format);
  require(again.has_value() && *again == *message);
  (void)describe(*message);
  (void)exchange_key(*message);
  if (!is_answer(*message)) (void)encode(answer_to(*message), format);
  if (const auto elements = read_private_data(message->get(48))) {
    require(write_private_data(*elements).value_or("?") == message->get(48));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const WireFormat format = format_of(data[0]);
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  check_message(bytes, format);
  FrameReader frames(format.length_header, 4096);
  frames.append(bytes.substr(0, bytes.size() / 2));
  for (auto next = frames.next(); next && *next; next = frames.next()) check_message(**next, format);
  frames.append(bytes.substr(bytes.size() / 2));
  for (auto next = frames.next(); next && *next; next = frames.next()) check_message(**next, format);
  return 0;
}

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "connectors/iso8583/fields.h"
#include "connectors/iso8583/wire.h"

namespace acquit::iso8583 {
namespace {

rc::Gen<char> character_of(Kind kind) {
  switch (kind) {
    case Kind::an: return rc::gen::elementOf(std::string("0123456789ABCXYZabcxyz "));
    case Kind::ans: return rc::gen::map(rc::gen::inRange(0x20, 0x7f), [](int c) { return static_cast<char>(c); });
    case Kind::z: return rc::gen::elementOf(std::string("0123456789=D"));
    case Kind::b:
    case Kind::free: return rc::gen::arbitrary<char>();
    case Kind::n:
    case Kind::x_n: break;
  }
  return rc::gen::inRange('0', static_cast<char>('9' + 1));
}

Message any_message() {
  Message message(*rc::gen::container<std::string>(4, character_of(Kind::n)));
  for (const FieldSpec& spec : field_table()) {
    if (*rc::gen::inRange(0, 5) != 0) continue;
    const std::size_t size = spec.length == Length::fixed
                                 ? spec.max
                                 : *rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(spec.max, 40) + 1);
    std::string value = *rc::gen::container<std::string>(size, character_of(spec.kind));
    if (spec.kind == Kind::x_n) value[0] = *rc::gen::elementOf(std::string("CD"));
    message.set(spec.number, value);
  }
  return message;
}

WireFormat any_format() {
  return {.numerics = *rc::gen::element(Numerics::ascii, Numerics::bcd),
          .binaries = *rc::gen::element(Binaries::raw, Binaries::hex),
          .bitmap_size = *rc::gen::element(BitmapSize::as_needed, BitmapSize::always_16, BitmapSize::always_16_marked),
          .length_header = *rc::gen::element(LengthHeader::two_bytes, LengthHeader::four_digits)};
}

RC_GTEST_PROP(WireProperty, DecodesWhatItEncoded, ()) {
  const Message message = any_message();
  const WireFormat format = any_format();
  const auto bytes = encode(message, format);
  RC_ASSERT(bytes.has_value());
  const auto read = decode(*bytes, format);
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == message);
}

RC_GTEST_PROP(WireProperty, RefusesEveryMessageCutShort, ()) {
  const Message message = any_message();
  const WireFormat format = any_format();
  const std::string bytes = encode(message, format).value();
  const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());
  RC_ASSERT(!decode(std::string_view(bytes).substr(0, size), format).has_value());
}

RC_GTEST_PROP(WireProperty, SurvivesAnyByteChanged, ()) {
  const WireFormat format = any_format();
  std::string bytes = encode(any_message(), format).value();
  bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  const auto read = decode(bytes, format);
  if (!read) return;
  const auto again = encode(*read, format);
  RC_ASSERT(again.has_value());
  RC_ASSERT(decode(*again, format).value() == *read);
}

}  // namespace
}  // namespace acquit::iso8583

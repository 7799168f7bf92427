#include "connectors/iso8583/message.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/card_numbers.h"
#include "connectors/iso8583/fields.h"

namespace acquit::iso8583 {
namespace {

std::string masked_number(std::string_view number) {
  if (number.size() < 13) return std::string(number.size(), '*');
  return std::string(number.substr(0, 6)) + std::string(number.size() - 10, '*') +
         std::string(number.substr(number.size() - 4));
}

std::string printable(std::string_view value) {
  std::string text(value);
  std::ranges::replace_if(text, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return base::mask_card_numbers(text);
}

std::string shown(const Message::Field& field) {
  const FieldSpec* spec = find_field(field.number);
  const Privacy privacy = spec != nullptr ? spec->privacy : Privacy::hidden;
  switch (privacy) {
    case Privacy::open: return printable(field.value);
    case Privacy::card_number: return masked_number(field.value);
    case Privacy::hidden: break;
  }
  return fmt::format("[{}]", field.value.size());
}

}  // namespace

Message& Message::set(int number, std::string value) {
  const auto at = std::ranges::lower_bound(fields_, number, {}, &Field::number);
  if (at != fields_.end() && at->number == number) {
    at->value = std::move(value);
  } else {
    fields_.insert(at, Field{.number = number, .value = std::move(value)});
  }
  return *this;
}

std::optional<std::string_view> Message::find(int number) const {
  const auto at = std::ranges::lower_bound(fields_, number, {}, &Field::number);
  if (at == fields_.end() || at->number != number) return std::nullopt;
  return at->value;
}

std::string describe(const Message& message) {
  std::string line = printable(message.mti());
  for (const Message::Field& field : message.fields()) line += fmt::format(" {}={}", field.number, shown(field));
  return line;
}

}  // namespace acquit::iso8583

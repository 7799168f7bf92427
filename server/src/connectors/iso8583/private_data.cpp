#include "connectors/iso8583/private_data.h"

#include <fmt/format.h>

#include "base/number.h"

namespace acquit::iso8583 {

using base::ErrorCode;
using base::fail;

base::Result<std::string> write_private_data(const PrivateData& elements) {
  std::string text;
  for (const auto& [tag, value] : elements) {
    if (tag.size() != 2) return fail(ErrorCode::field_format, "A tag has two characters.", "DE 48");
    if (value.size() > 99) {
      return fail(ErrorCode::field_too_long, fmt::format("Tag {} holds at most 99 characters.", tag), "DE 48");
    }
    text += fmt::format("{}{:02}{}", tag, value.size(), value);
  }
  return text;
}

base::Result<PrivateData> read_private_data(std::string_view text) {
  PrivateData elements;
  while (!text.empty()) {
    const auto length = text.size() < 4 ? std::nullopt : base::parse_int<std::uint8_t>(text.substr(2, 2));
    if (!length || text.size() - 4 < *length) {
      return fail(ErrorCode::field_format, "An element ends after the data.", "DE 48");
    }
    elements.emplace_back(text.substr(0, 2), text.substr(4, *length));
    text.remove_prefix(4 + std::size_t{*length});
  }
  return elements;
}

}  // namespace acquit::iso8583

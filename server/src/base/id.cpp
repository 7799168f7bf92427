#include "base/id.h"

#include <algorithm>
#include <cstdint>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/number.h"

namespace acquit::base {
namespace {

constexpr std::size_t kShopDigits = 8;

}  // namespace

IdBytes new_id_bytes(Time now, Random& random) {
  IdBytes bytes;
  random.fill(bytes);
  const auto ms = static_cast<std::uint64_t>(to_ms(now));
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::byte>(ms >> (8 * (5 - i)));
  bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x70};  // Version 7.
  bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};  // Variant of RFC 9562.
  return bytes;
}

std::string id_to_hex(const IdBytes& bytes) { return to_hex(bytes); }

std::optional<IdBytes> id_from_hex(std::string_view hex) {
  IdBytes bytes;
  if (hex.size() != 2 * bytes.size()) return std::nullopt;
  if (std::ranges::any_of(hex, [](char c) { return c >= 'A' && c <= 'F'; })) return std::nullopt;
  const auto parsed = from_hex(hex);
  if (!parsed) return std::nullopt;
  std::ranges::copy(*parsed, bytes.begin());
  return bytes;
}

std::optional<ShopId> parse_shop_id(std::string_view text) {
  if (text.size() != kShopDigits || !is_digits(text)) return std::nullopt;
  return ShopId(*parse_int<std::int64_t>(text));
}

std::string to_string(ShopId shop) {
  std::string digits = std::to_string(shop.value());
  if (digits.size() < kShopDigits) digits.insert(0, kShopDigits - digits.size(), '0');
  return digits;
}

std::string first_id_at(Time time) {
  IdBytes bytes{};
  const auto ms = static_cast<std::uint64_t>(to_ms(time));
  for (std::size_t i = 0; i < 6; ++i) bytes.at(i) = static_cast<std::byte>(ms >> (8 * (5 - i)));
  return id_to_hex(bytes);
}

}  // namespace acquit::base

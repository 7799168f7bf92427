// Id<Tag>: identifiers that can't be mixed up; 128 bits that begin with their time of birth, so rows stay in order.
//
// Text forms: 32 lower-case hex digits (`hex`, stored and sent where a protocol wants an32), or with the noun's prefix
// (`to_string`, "pay_…"). Laid out as UUID version 7 (RFC 9562 §5.7). Comparable with their own kind only.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"

namespace acquit::base {

using IdBytes = std::array<std::byte, 16>;

[[nodiscard]] IdBytes new_id_bytes(Time now, Random& random);
[[nodiscard]] std::string id_to_hex(const IdBytes& bytes);
[[nodiscard]] std::optional<IdBytes> id_from_hex(std::string_view hex);

/// Tag gives `static constexpr std::string_view prefix`.
template <class Tag>
class Id {
 public:
  explicit Id(IdBytes bytes) : bytes_(bytes) {}
  static Id make(const Clock& clock, Random& random) { return Id(new_id_bytes(clock.now(), random)); }
  /// 32 lower-case hex digits, with or without the noun's prefix and underscore.
  static std::optional<Id> parse(std::string_view text) {
    if (text.size() > Tag::prefix.size() && text.starts_with(Tag::prefix) && text[Tag::prefix.size()] == '_') {
      text.remove_prefix(Tag::prefix.size() + 1);
    }
    const auto bytes = id_from_hex(text);
    return bytes ? std::optional(Id(*bytes)) : std::nullopt;
  }

  [[nodiscard]] std::string hex() const { return id_to_hex(bytes_); }
  [[nodiscard]] std::string to_string() const { return std::string(Tag::prefix) + "_" + hex(); }
  [[nodiscard]] const IdBytes& bytes() const { return bytes_; }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  IdBytes bytes_;
};

/// Ids begin with their time of birth: the first one that could have been made at `time`, as hex.
[[nodiscard]] std::string first_id_at(Time time);

/// A number that is a name: a shop's eight digits, a contract's rank. No arithmetic.
template <class Tag>
class Number {
 public:
  explicit constexpr Number(std::int64_t value) : value_(value) {}
  [[nodiscard]] constexpr std::int64_t value() const { return value_; }
  friend constexpr auto operator<=>(const Number&, const Number&) = default;

 private:
  std::int64_t value_;
};

struct ShopTag {};
/// A shop's public number: eight digits in every protocol (lyra.md §0).
using ShopId = Number<ShopTag>;
/// Just eight digits, or nothing.
[[nodiscard]] std::optional<ShopId> parse_shop_id(std::string_view text);
[[nodiscard]] std::string to_string(ShopId shop);

}  // namespace acquit::base

template <>
struct std::hash<acquit::base::ShopId> {
  std::size_t operator()(const acquit::base::ShopId& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value());
  }
};

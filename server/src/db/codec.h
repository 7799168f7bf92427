// Codec<V>: how a value of type V lies in a row: in how many columns, bound and read how, and what an outsider may
// write for it (in a filter).
//
// Texts, integers, bool (0 or 1), Time (milliseconds), durations in milliseconds, Id (its hex digits), Number, Currency
// (its code), Money (minor units, then the currency's code), lists
// of texts or integers (separated by semicolons). Enums and other values that are kept as a text have none:
// their column names the function that reads them (text_column in table.h).
// Pure; any thread.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/list.h"
#include "base/money.h"
#include "base/number.h"
#include "base/result.h"
#include "db/params.h"
#include "db/tx.h"

namespace acquit::db {

/// The cells of a row one after the other. Texts are moved out of it.
class Cells {
 public:
  Cells(Row& row, std::size_t first) : row_(row), at_(first) {}
  [[nodiscard]] bool next_is_null() const { return row_.is_null(at_); }
  void skip(std::size_t cells) { at_ += cells; }
  [[nodiscard]] std::int64_t integer() { return row_.integer(at_++); }
  [[nodiscard]] std::string text() { return row_.take_text(at_++); }

 private:
  Row& row_;
  std::size_t at_;
};

/// What they have in common: `kWidth` columns; `bind` adds them, `read` gives nothing where the cells say what V can't
/// be, and `take` is false where an outsider's text for the `part`th column can't be one.
template <class V>
struct Codec;

template <>
struct Codec<std::string> {
  static constexpr std::size_t kWidth = 1;
  static void bind(const std::string& value, Bound& bound) { bound.add(value); }
  static std::optional<std::string> read(Cells& cells) { return cells.text(); }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    bound.add_copy(text);
    return true;
  }
};

template <>
struct Codec<bool> {
  static constexpr std::size_t kWidth = 1;
  static void bind(bool value, Bound& bound) { bound.add(value); }
  static std::optional<bool> read(Cells& cells) { return cells.integer() != 0; }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    bound.add(text == "true");
    return text == "true" || text == "false";
  }
};

template <std::integral V>
struct Codec<V> {
  static constexpr std::size_t kWidth = 1;
  static void bind(V value, Bound& bound) { bound.add(std::int64_t{value}); }
  static std::optional<V> read(Cells& cells) {
    const std::int64_t integer = cells.integer();
    return std::in_range<V>(integer) ? std::optional(static_cast<V>(integer)) : std::nullopt;
  }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    const auto integer = base::parse_int<std::int64_t>(text);
    if (integer) bound.add(*integer);
    return integer.has_value();
  }
};

template <>
struct Codec<base::Milliseconds> {
  static constexpr std::size_t kWidth = 1;
  static void bind(base::Milliseconds value, Bound& bound) { bound.add(std::int64_t{value.count()}); }
  static std::optional<base::Milliseconds> read(Cells& cells) { return base::Milliseconds{cells.integer()}; }
  static bool take(std::size_t part, std::string_view text, Bound& bound) {
    return Codec<std::int64_t>::take(part, text, bound);
  }
};

template <>
struct Codec<base::Time> {
  static constexpr std::size_t kWidth = 1;
  static void bind(base::Time value, Bound& bound) { bound.add(base::to_ms(value)); }
  static std::optional<base::Time> read(Cells& cells) { return base::time_from_ms(cells.integer()); }
  static bool take(std::size_t part, std::string_view text, Bound& bound) {
    return Codec<std::int64_t>::take(part, text, bound);
  }
};

template <class Tag>
struct Codec<base::Id<Tag>> {
  static constexpr std::size_t kWidth = 1;
  static void bind(const base::Id<Tag>& value, Bound& bound) { bound.add_hex(value.bytes()); }
  static std::optional<base::Id<Tag>> read(Cells& cells) { return base::Id<Tag>::parse(cells.text()); }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    const auto id = base::Id<Tag>::parse(text);
    if (id) bound.add_hex(id->bytes());
    return id.has_value();
  }
};

template <class Tag>
struct Codec<base::Number<Tag>> {
  static constexpr std::size_t kWidth = 1;
  static void bind(base::Number<Tag> value, Bound& bound) { bound.add(value.value()); }
  static std::optional<base::Number<Tag>> read(Cells& cells) { return base::Number<Tag>(cells.integer()); }
  static bool take(std::size_t part, std::string_view text, Bound& bound) {
    return Codec<std::int64_t>::take(part, text, bound);
  }
};

template <>
struct Codec<base::Currency> {
  static constexpr std::size_t kWidth = 1;
  static void bind(base::Currency value, Bound& bound) { bound.add(value.code()); }
  static std::optional<base::Currency> read(Cells& cells) { return base::Currency::from_code(cells.text()); }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    const auto currency = base::Currency::from_code(text);
    if (currency) bound.add(currency->code());
    return currency.has_value();
  }
};

template <>
struct Codec<base::Money> {
  static constexpr std::size_t kWidth = 2;
  static void bind(base::Money value, Bound& bound) {
    bound.add(value.minor());
    bound.add(value.currency().code());
  }
  static std::optional<base::Money> read(Cells& cells) {
    const std::int64_t minor = cells.integer();
    const auto currency = base::Currency::from_code(cells.text());
    return currency ? std::optional(base::Money(minor, *currency)) : std::nullopt;
  }
  static bool take(std::size_t part, std::string_view text, Bound& bound) {
    return part == 0 ? Codec<std::int64_t>::take(0, text, bound) : Codec<base::Currency>::take(0, text, bound);
  }
};

/// The texts have no semicolon and are not empty.
template <class V>
  requires std::same_as<V, std::string> || std::integral<V>
struct Codec<std::vector<V>> {
  static constexpr std::size_t kWidth = 1;
  static void bind(const std::vector<V>& values, Bound& bound) {
    std::string text;
    for (const V& value : values) base::append_part(text, text_of(value), kSeparator);
    bound.add_copy(text);
  }
  static std::optional<std::vector<V>> read(Cells& cells) {
    const std::string text = cells.text();
    std::vector<V> values;
    if (text.empty()) return values;
    for (const std::string_view part : base::split(text, kSeparator.front())) {
      if constexpr (std::integral<V>) {
        const auto value = base::parse_int<V>(part);
        if (!value) return std::nullopt;
        values.push_back(*value);
      } else {
        values.emplace_back(part);
      }
    }
    return values;
  }

 private:
  static constexpr std::string_view kSeparator = ";";
  static std::string text_of(const V& value) {
    if constexpr (std::integral<V>) {
      return std::to_string(value);
    } else {
      return value;
    }
  }
};

/// A text read by `Parse`, which gives the value, or an optional or a Result of it; written by the value's to_text or
/// else its to_string, which argument-dependent lookup finds.
template <auto Parse, class V>
struct AsText {
  static constexpr std::size_t kWidth = 1;
  static void bind(const V& value, Bound& bound) {
    if constexpr (requires { to_text(value); }) {
      add(to_text(value), bound);
    } else {
      add(to_string(value), bound);
    }
  }
  static std::optional<V> read(Cells& cells) { return parse(cells.text()); }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    bound.add_copy(text);
    return parse(text).has_value();
  }

 private:
  static std::optional<V> parse(std::string_view text) {
    auto parsed = Parse(text);
    if constexpr (std::is_same_v<decltype(parsed), base::Result<V>>) {
      return parsed ? std::optional<V>(*std::move(parsed)) : std::nullopt;
    } else {
      return parsed;  // An optional, or a value that any text has.
    }
  }
  static void add(std::string_view constant, Bound& bound) { bound.add(constant); }
  static void add(const std::string& made, Bound& bound) { bound.add_copy(made); }
};

/// A string that is null in the database where it is empty: unique indexes leave nulls out.
struct AsNullIfEmpty {
  static constexpr std::size_t kWidth = 1;
  static void bind(const std::string& value, Bound& bound) {
    if (value.empty()) return bound.add(nullptr);
    bound.add(value);
  }
  static std::optional<std::string> read(Cells& cells) {
    if (!cells.next_is_null()) return cells.text();
    cells.skip(1);
    return std::string();
  }
  static bool take(std::size_t, std::string_view text, Bound& bound) {
    bound.add_copy(text);
    return !text.empty();
  }
};

/// A text that is stored as bytes.
struct AsBytes {
  static constexpr std::size_t kWidth = 1;
  static void bind(const std::string& value, Bound& bound) { bound.add(Param::Bytes{value}); }
  static std::optional<std::string> read(Cells& cells) { return cells.text(); }
};

}  // namespace acquit::db

// JsonValue: a JSON document as a plain tree that keeps what strict protocols look at: order, duplicates, number texts.
//
// Boost.JSON's own tree merges duplicate members silently, but EMV 3DS answers them with error 204, so its event parser
// fills this tree instead. Values own their content; pure functions, safe from any thread. Parsing fails on anything
// that is not one strict JSON document of at most `size_max` bytes and 32 levels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acquit::base {

enum class JsonKind : std::uint8_t { null, boolean, number, string, object, array };

struct JsonMember;

struct JsonValue {
  JsonKind kind = JsonKind::null;
  bool flag = false;                ///< Of a boolean.
  std::string text;                 ///< Of a string (UTF-8), or a number as it was written.
  std::vector<JsonMember> members;  ///< Of an object in the order sent, or of an array with empty names.

  static JsonValue of(std::string_view text);
  static JsonValue of_flag(bool flag);
  static JsonValue object();
  static JsonValue array();

  /// The first member of that name, or null.
  [[nodiscard]] const JsonValue* find(std::string_view name) const;
  /// The text of a string member; empty if there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  void add(std::string_view name, JsonValue value);
  /// Adds a string member unless `value` is empty.
  void add_text(std::string_view name, std::string_view value);
};

struct JsonMember {
  std::string name;
  JsonValue value;
};

struct JsonDocument {
  JsonValue root;
  std::vector<std::string> duplicates;  ///< Names that stand twice in the same object.
};

[[nodiscard]] std::optional<JsonDocument> parse_json(std::string_view text, std::size_t size_max);
[[nodiscard]] std::string to_json(const JsonValue& value);

}  // namespace acquit::base

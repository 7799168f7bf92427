// Spec: which fields an endpoint takes and what each has to be, said once: for the reader, and for who asks for it
// (OpenAPI). Shape: the same for what it answers.
//
// A form and a JSON object are read alike; a member of an object within is called by its path ("customer.email"). An
// empty text and a JSON null count as not sent; fields that no row names are left alone. Errors name the field and its
// rule: field_missing, field_format, field_too_long, field_value. Tables are made once and read from any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/form_fields.h"
#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace acquit::http {

enum class FieldType : std::uint8_t { text, integer, boolean };
using FieldValue = std::variant<std::string, std::int64_t, bool>;

/// A rule of our own about a text.
struct Validator {
  std::string_view rule;  ///< What the value must be, for a person: "an amount in the smallest unit".
  bool (*holds)(std::string_view value);
};

struct FieldRules {
  std::string about{};  ///< For who reads the description.
  bool required = false;
  bool lenient = false;  ///< What is wrong counts as not sent: browsers say odd things of themselves.
  std::optional<std::size_t> length_max{};  ///< Of a text, in characters.
  std::optional<std::int64_t> least{};
  std::optional<std::int64_t> most{};
  std::vector<std::string> one_of{};
  std::vector<Validator> validators{};
};

struct Field {
  std::string name;
  FieldType type = FieldType::text;
  FieldRules rules{};
};

/// What came, as a form or as JSON.
class SentFields {
 public:
  SentFields() = default;
  /// Errors: see form_of().
  static base::Result<SentFields> of_form(const Request& request);
  /// Errors: body_malformed (no JSON object, or a name twice in one).
  static base::Result<SentFields> of_json(std::string_view body);

  /// By the field's rules; nothing if it was not sent.
  [[nodiscard]] base::Result<std::optional<FieldValue>> read(const Field& field) const;

 private:
  [[nodiscard]] base::Result<std::optional<FieldValue>> value_of(const Field& field) const;

  base::FormFields form_;
  base::JsonValue json_;
};

/// What a member keeps; std::optional around it tells what was not sent.
template <class T>
struct KeptBy {
  using Type = T;
};
template <class T>
struct KeptBy<std::optional<T>> {
  using Type = T;
};
template <class T>
using Kept = KeptBy<T>::Type;

template <class T>
constexpr FieldType type_of() {
  if constexpr (std::same_as<Kept<T>, bool>) return FieldType::boolean;
  return std::integral<Kept<T>> ? FieldType::integer : FieldType::text;
}

template <class Input>
class Spec {
 public:
  /// A text may be kept by whatever is made from a std::string: a card number by base::Pan.
  template <class T>
  Spec& add(std::string name, T Input::* member, FieldRules rules = {}) {
    if constexpr (type_of<T>() == FieldType::integer) bound<Kept<T>>(rules);
    fields_.push_back({.name = std::move(name), .type = type_of<T>(), .rules = std::move(rules)});
    keep_.push_back([member](Input& input, FieldValue value) {
      if constexpr (type_of<T>() == FieldType::text) {
        input.*member = T(std::get<std::string>(std::move(value)));
      } else if constexpr (type_of<T>() == FieldType::integer) {
        input.*member = static_cast<Kept<T>>(std::get<std::int64_t>(value));
      } else {
        input.*member = std::get<bool>(value);
      }
    });
    return *this;
  }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  /// The first error in the order of the rows.
  [[nodiscard]] base::Result<Input> read(const SentFields& sent) const {
    Input input{};
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      ACQUIT_TRY(auto value, sent.read(fields_[i]));
      if (value) keep_[i](input, *std::move(value));
    }
    return input;
  }

 private:
  // What its member has room for.
  template <class Number>
  static void bound(FieldRules& rules) {
    static_assert(sizeof(Number) < sizeof(std::int64_t) || std::signed_integral<Number>);
    const std::int64_t least{std::numeric_limits<Number>::min()};
    const std::int64_t most{std::numeric_limits<Number>::max()};
    rules.least = std::max(rules.least.value_or(least), least);
    rules.most = std::min(rules.most.value_or(most), most);
  }

  std::vector<Field> fields_;
  std::vector<std::function<void(Input&, FieldValue)>> keep_;
};

[[nodiscard]] base::JsonValue to_json_value(const FieldValue& value);

/// What an endpoint answers as a JSON object.
template <class Output>
class Shape {
 public:
  /// `part`: a member of Output, or a function of it.
  template <class Part>
  Shape& add(std::string name, Part part, std::string about) {
    using T = std::remove_cvref_t<std::invoke_result_t<Part, const Output&>>;
    fields_.push_back(
        {.name = std::move(name), .type = type_of<T>(), .rules = {.about = std::move(about), .required = true}});
    tell_.push_back([part](const Output& output) -> FieldValue {
      if constexpr (type_of<T>() == FieldType::text) {
        return std::string(std::invoke(part, output));
      } else if constexpr (type_of<T>() == FieldType::integer) {
        return static_cast<std::int64_t>(std::invoke(part, output));
      } else {
        return std::invoke(part, output);
      }
    });
    return *this;
  }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  [[nodiscard]] std::string json(const Output& output) const {
    base::JsonValue object = base::JsonValue::object();
    for (std::size_t i = 0; i < fields_.size(); ++i) object.add(fields_[i].name, to_json_value(tell_[i](output)));
    return base::to_json(object);
  }

 private:
  std::vector<Field> fields_;
  std::vector<std::function<FieldValue(const Output&)>> tell_;
};

}  // namespace acquit::http

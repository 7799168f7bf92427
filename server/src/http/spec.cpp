#include "http/spec.h"

#include <algorithm>

#include "base/list.h"
#include "base/number.h"
#include "base/utf8.h"
#include "http/form.h"

namespace acquit::http {
namespace {

using Read = base::Result<std::optional<FieldValue>>;

auto bad(const Field& field, base::ErrorCode code, const std::string& rule) {
  return base::fail(code, field.name + ": " + rule, field.name);
}

Read integer_of(const Field& field, std::string_view text) {
  const auto number = base::parse_int<std::int64_t>(text);
  if (!number) return bad(field, base::ErrorCode::field_format, "must be a whole number");
  return *number;
}

// As browsers and scripts write it.
Read boolean_of(const Field& field, std::string_view text) {
  if (text == "true" || text == "1" || text == "Y" || text == "on") return true;
  if (text == "false" || text == "0" || text == "N") return false;
  return bad(field, base::ErrorCode::field_format, "must be true or false");
}

Read read_form_value(const Field& field, std::string_view text) {
  if (text.empty()) return std::nullopt;
  switch (field.type) {
    case FieldType::text: return std::string(text);
    case FieldType::integer: return integer_of(field, text);
    case FieldType::boolean: return boolean_of(field, text);
  }
  return std::nullopt;
}

Read read_json_value(const Field& field, const base::JsonValue& value) {
  using base::JsonKind;
  if (value.kind == JsonKind::null) return std::nullopt;
  switch (field.type) {
    case FieldType::text:
      if (value.kind != JsonKind::string) return bad(field, base::ErrorCode::field_format, "must be a text");
      if (value.text.empty()) return std::nullopt;
      return value.text;
    case FieldType::integer:
      if (value.kind != JsonKind::number) return bad(field, base::ErrorCode::field_format, "must be a whole number");
      return integer_of(field, value.text);
    case FieldType::boolean:
      if (value.kind != JsonKind::boolean) return bad(field, base::ErrorCode::field_format, "must be true or false");
      return value.flag;
  }
  return std::nullopt;
}

const base::JsonValue* find_path(const base::JsonValue& root, std::string_view path) {
  const base::JsonValue* at = &root;
  for (const std::string_view name : base::split(path, '.')) {
    if (at == nullptr || at->kind != base::JsonKind::object) return nullptr;
    at = at->find(name);
  }
  return at;
}

base::Result<void> check_text(const Field& field, const std::string& text) {
  const FieldRules& rules = field.rules;
  if (rules.length_max && base::utf8_length(text) > *rules.length_max) {
    return bad(field, base::ErrorCode::field_too_long,
               "must have at most " + std::to_string(*rules.length_max) + " characters");
  }
  if (!rules.one_of.empty() && std::ranges::find(rules.one_of, text) == rules.one_of.end()) {
    return bad(field, base::ErrorCode::field_value, "must be one of " + base::join(rules.one_of, ", "));
  }
  for (const Validator& validator : rules.validators) {
    if (!validator.holds(text)) {
      return bad(field, base::ErrorCode::field_format, "must be " + std::string(validator.rule));
    }
  }
  return {};
}

base::Result<void> check_integer(const Field& field, std::int64_t number) {
  const FieldRules& rules = field.rules;
  if (rules.least && number < *rules.least) {
    return bad(field, base::ErrorCode::field_value, "must be at least " + std::to_string(*rules.least));
  }
  if (rules.most && number > *rules.most) {
    return bad(field, base::ErrorCode::field_value, "must be at most " + std::to_string(*rules.most));
  }
  return {};
}

base::Result<void> check(const Field& field, const FieldValue& value) {
  if (const auto* const text = std::get_if<std::string>(&value)) return check_text(field, *text);
  if (const auto* const number = std::get_if<std::int64_t>(&value)) return check_integer(field, *number);
  return {};
}

}  // namespace

base::Result<SentFields> SentFields::of_form(const Request& request) {
  SentFields sent;
  ACQUIT_TRY(sent.form_, form_of(request));
  return sent;
}

base::Result<SentFields> SentFields::of_json(std::string_view body) {
  auto document = base::parse_json(body, body.size());
  if (!document || document->root.kind != base::JsonKind::object) {
    return base::fail(base::ErrorCode::body_malformed, "the body must be a JSON object");
  }
  if (!document->duplicates.empty()) {
    return base::fail(base::ErrorCode::body_malformed, "a name stands twice in one object");
  }
  SentFields sent;
  sent.json_ = std::move(document->root);
  return sent;
}

Read SentFields::value_of(const Field& field) const {
  if (json_.kind != base::JsonKind::object) return read_form_value(field, base::field_of(form_, field.name));
  const base::JsonValue* const value = find_path(json_, field.name);
  return value == nullptr ? Read(std::nullopt) : read_json_value(field, *value);
}

Read SentFields::read(const Field& field) const {
  Read value = value_of(field);
  if (value && *value) {
    if (auto right = check(field, **value); !right) value = std::unexpected(std::move(right).error());
  }
  if (!value && field.rules.lenient) value = std::nullopt;
  if (value && !*value && field.rules.required) {
    return bad(field, base::ErrorCode::field_missing, "must be there");
  }
  return value;
}

base::JsonValue to_json_value(const FieldValue& value) {
  if (const auto* const text = std::get_if<std::string>(&value)) return base::JsonValue::of(*text);
  if (const auto* const flag = std::get_if<bool>(&value)) return base::JsonValue::of_flag(*flag);
  base::JsonValue number;
  number.kind = base::JsonKind::number;
  number.text = std::to_string(std::get<std::int64_t>(value));
  return number;
}

}  // namespace acquit::http
